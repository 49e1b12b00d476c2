import { describe, expect, test } from 'vitest';
import { RejectedError } from '../../src/store/failures.ts';
import type { UnitOfWork } from '../../src/store/records/pass.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { forge, itemOf, itemRow, listed, sweepOf } from '../helpers/esi-rows.ts';
import { dueIds, recordAlone } from '../helpers/stored.ts';
import { backlogIn, booleanOf, contractsIn, itemsIn } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';

function unitOf({ contract }: ReturnType<typeof listed>, ...items: Readonly<Record<string, unknown>>[]): UnitOfWork {
  const seen = { run_id: 'a-run', stored_at: later, region_id: forge, first_seen_at: noon, last_seen_at: later };
  return { contract, items: items.map((item) => itemOf(itemRow(item))), ...seen };
}

describe.each(backings)('a contract with its items, on $name', (backing) => {
  test('is written as it was listed, and leaves the backlog', async () => {
    const { store, database } = await openTestStore(backing);
    const contract = listed(1, { for_corporation: true, buyout: 200_000_000.01 });
    await recordAlone(store, sweepOf(noon, [contract, listed(2)]));
    await store.storeContract(unitOf(contract, { record_id: 1 }, { record_id: 2, is_included: false }));
    const [row] = await contractsIn(database);
    const { for_corporation, ...fields } = contract.contract;
    expect(row).toMatchObject({
      ...fields,
      region_id: forge,
      item_count: 2,
      first_seen_at: noon,
      last_seen_at: later,
      gone_at: null,
      outcome: null,
    });
    expect(booleanOf(row?.for_corporation)).toBe(for_corporation);
    expect(await dueIds(store, later)).toEqual([2]);
  });

  test('keeps each item, flags and blanks included', async () => {
    const { store, database } = await openTestStore(backing);
    const copy = { record_id: 1, is_blueprint_copy: true, material_efficiency: 0, time_efficiency: 20, runs: 5 };
    await store.storeContract(unitOf(listed(1), copy, { record_id: 2, is_included: false, item_id: undefined }));
    const items = (await itemsIn(database)).map(({ is_included, is_blueprint_copy, ...item }) => ({
      ...item,
      is_included: booleanOf(is_included),
      is_blueprint_copy: booleanOf(is_blueprint_copy),
    }));
    const blanks = { contract_id: 1, material_efficiency: null, time_efficiency: null, runs: null };
    expect(items).toEqual([
      { ...blanks, ...itemRow(copy) },
      { ...blanks, ...itemRow({ record_id: 2, is_included: false, is_blueprint_copy: false }), item_id: null },
    ]);
  });

  test('may have thousands of items, or none', async () => {
    const { store, database } = await openTestStore(backing);
    const many = Array.from({ length: 5_000 }, (_, index) => ({ record_id: index + 1 }));
    await store.storeContract(unitOf(listed(1), ...many));
    await store.storeContract(unitOf(listed(2, { type: 'courier' })));
    expect(await contractsIn(database)).toMatchObject([{ item_count: 5_000 }, { item_count: 0 }]);
    expect(await itemsIn(database)).toHaveLength(5_000);
  });

  test('keeps ids and money exactly', async () => {
    const { store, database } = await openTestStore(backing);
    const largest = Number.MAX_SAFE_INTEGER;
    const contract = listed(largest, {
      issuer_id: largest,
      start_location_id: largest,
      price: 0.1 + 0.2,
      reward: 1e15,
    });
    await store.storeContract(unitOf(contract, { record_id: largest, item_id: largest, quantity: largest }));
    expect(await contractsIn(database)).toMatchObject([
      { contract_id: largest, issuer_id: largest, start_location_id: largest, price: 0.1 + 0.2, reward: 1e15 },
    ]);
    expect(await itemsIn(database)).toMatchObject([{ record_id: largest, item_id: largest, quantity: largest }]);
  });

  test('keeps what is absent null', async () => {
    const { store, database } = await openTestStore(backing);
    const absent = { title: undefined, price: undefined, volume: undefined, start_location_id: undefined };
    await store.storeContract(unitOf(listed(1, absent)));
    expect(await contractsIn(database)).toMatchObject([
      { title: null, title_folded: null, price: null, buyout: null, volume: null, start_location_id: null },
    ]);
  });

  test.each(['ÄRGER 🚀', '', "Robert'); DROP TABLE contracts;--", '\u001b[31m\r\n\t', 'a\0b'])(
    'keeps the title %j, and the same in lower case to search by',
    async (title) => {
      const { store, database } = await openTestStore(backing);
      await store.storeContract(unitOf(listed(1, { title })));
      const kept = title.replaceAll('\0', '\uFFFD');
      expect(await contractsIn(database)).toMatchObject([{ title: kept, title_folded: kept.toLowerCase() }]);
    },
  );
});

describe.each(backings)('a contract that the database refuses, on $name', (backing) => {
  test('leaves nothing behind, and waits as before', async () => {
    const { store, database } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2)]));
    const twice = unitOf(listed(1), { record_id: 5 }, { record_id: 6 }, { record_id: 5 });
    await expect(store.storeContract(twice)).rejects.toBeInstanceOf(RejectedError);
    expect(await contractsIn(database)).toEqual([]);
    expect(await itemsIn(database)).toEqual([]);
    expect(await dueIds(store, later)).toEqual([1, 2]);
    await store.storeContract(unitOf(listed(2), { record_id: 5 }));
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 2 }]);
  });

  test('is refused alone, whatever is stored together with it', async () => {
    const { store, database } = await openTestStore(backing);
    const units = Array.from({ length: 120 }, (_, index) =>
      index === 60
        ? unitOf(listed(61), { record_id: 5 }, { record_id: 5 })
        : unitOf(listed(index + 1), { record_id: 5 }),
    );
    const outcomes = await Promise.allSettled(units.map((unit) => store.storeContract(unit)));
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([60]);
    expect(await contractsIn(database)).toHaveLength(119);
    expect(await itemsIn(database)).toHaveLength(119);
  });

  test('changes nothing of one that is stored already, whether it is refused or passed over', async () => {
    const { store, database } = await openTestStore(backing);
    await store.storeContract(unitOf(listed(1, { price: 1 }), { record_id: 5 }));
    const again = store.storeContract(unitOf(listed(1, { price: 2 }), { record_id: 6 }));
    expect(await again.catch((error: unknown) => error)).toSatisfy(
      (outcome) => outcome === undefined || outcome instanceof RejectedError,
    );
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 1, price: 1, item_count: 1 }]);
    expect(await itemsIn(database)).toMatchObject([{ record_id: 5 }]);
  });

  test('is reported without the values of the statement', async () => {
    const { store } = await openTestStore(backing);
    const unit = unitOf(listed(1, { title: 'secret plan' }), { record_id: 5 }, { record_id: 5 });
    const error: unknown = await store.storeContract(unit).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RejectedError);
    expect((error as RejectedError).message).not.toContain('secret plan');
  });

  test('shares a record_id with another contract without harm', async () => {
    const { store, database } = await openTestStore(backing);
    await store.storeContract(unitOf(listed(1), { record_id: 5, type_id: 34 }));
    await store.storeContract(unitOf(listed(2), { record_id: 5, type_id: 587 }));
    const items = (await itemsIn(database)).map(({ contract_id, type_id }) => [contract_id, type_id]);
    expect(items.sort()).toEqual([
      [1, 34],
      [2, 587],
    ]);
    expect(await backlogIn(database)).toEqual([]);
  });
});
