import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { backings, openTestStore, readFrom, type TestDatabase } from '../helpers/backings.ts';
import { domain, forge, itemOf, itemRow, listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';
const evening = '2026-03-01T20:00:00Z';

const changesIn = (database: TestDatabase) =>
  readFrom(database, (reader) =>
    reader.all(sql`SELECT run_id, contract_id, region_id, at, change FROM contract_changes ORDER BY change_id`),
  );

describe.each(backings)('the ledger of contracts on $name', (backing) => {
  test('has every appearance, disappearance and return, in the order they were seen', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(2), listed(1)]);
    await recordAlone(store, sweepOf(later, [], { run_id: 'second' }));
    await recordAlone(store, sweepOf(evening, [listed(1)], { run_id: 'third' }));
    expect(await changesIn(database)).toEqual([
      { run_id: 'a-run', contract_id: 2, region_id: forge, at: noon, change: 'appeared' },
      { run_id: 'a-run', contract_id: 1, region_id: forge, at: noon, change: 'appeared' },
      { run_id: 'second', contract_id: 1, region_id: forge, at: later, change: 'gone' },
      { run_id: 'second', contract_id: 2, region_id: forge, at: later, change: 'gone' },
      { run_id: 'third', contract_id: 1, region_id: forge, at: evening, change: 'returned' },
    ]);
  });

  test('does not have a contract that appears again because its write was repeated', async () => {
    const { store, database } = await openTestStore(backing);
    const { contract } = listed(1);
    const seen = { region_id: domain, first_seen_at: noon, last_seen_at: noon };
    const unit = { run_id: 'a-run', stored_at: later, contract, items: [itemOf(itemRow())], ...seen };
    await store.storeContract(unit);
    await store.storeContract(unit);
    expect(await changesIn(database)).toEqual([
      { run_id: 'a-run', contract_id: 1, region_id: domain, at: later, change: 'appeared' },
    ]);
  });

  test('has nothing of a contract that the database refused', async () => {
    const { store, database } = await openTestStore(backing);
    const twice = [itemOf(itemRow({ record_id: 5 })), itemOf(itemRow({ record_id: 5 }))];
    const seen = { region_id: forge, first_seen_at: noon, last_seen_at: noon };
    const { contract } = listed(1);
    const refused = store.storeContract({ run_id: 'a-run', stored_at: later, contract, items: twice, ...seen });
    await expect(refused).rejects.toThrow();
    expect(await changesIn(database)).toEqual([]);
  });
});
