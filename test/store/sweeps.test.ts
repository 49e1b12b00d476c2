import { describe, expect, test } from 'vitest';
import { backings, openTestStore } from '../helpers/backings.ts';
import { domain, forge, listed, sweepOf, unusable } from '../helpers/esi-rows.ts';
import { dueIds, recordAlone, storeListed } from '../helpers/stored.ts';
import { backlogIn, contractsIn, jsonOf } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';
const evening = '2026-03-01T20:00:00Z';

describe.each(backings)('what a sweep showed, on $name', (backing) => {
  test('new contracts wait in the backlog with the row as it was listed', async () => {
    const { store, database } = await openTestStore(backing);
    const contract = listed(1, { surprise: { deep: [true] } });
    expect(await recordAlone(store, sweepOf(noon, [contract, listed(2)]))).toEqual({
      listed: 2,
      new: 2,
      returned: 0,
      gone: 0,
      quarantined: 0,
    });
    const [entry] = await backlogIn(database);
    expect(entry).toMatchObject({
      contract_id: 1,
      region_id: forge,
      status: 'deferred',
      date_expired: contract.contract.date_expired,
      attempts: 0,
      next_attempt_at: noon,
      first_seen_at: noon,
      last_seen_at: noon,
      gone_at: null,
    });
    expect(jsonOf(entry?.row)).toEqual(contract.row);
    expect(await contractsIn(database)).toEqual([]);
  });

  test('contracts that wait already are seen, and not new', async () => {
    const { store, database } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    expect(await recordAlone(store, sweepOf(later, [listed(1)]))).toMatchObject({ listed: 1, new: 0, gone: 0 });
    expect(await backlogIn(database)).toMatchObject([{ first_seen_at: noon, last_seen_at: later }]);
  });

  test('contracts that are stored are seen, and not queued again', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    expect(await recordAlone(store, sweepOf(later, [listed(1)]))).toMatchObject({ listed: 1, new: 0, gone: 0 });
    expect(await contractsIn(database)).toMatchObject([{ first_seen_at: noon, last_seen_at: later, gone_at: null }]);
    expect(await backlogIn(database)).toEqual([]);
  });

  test('a page that is unchanged counts as seen without its rows', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2)]));
    const unchanged = sweepOf(later, [], { announced: { contract_ids: [1, 2], quarantined: [] } });
    expect(await recordAlone(store, unchanged)).toMatchObject({ listed: 2, new: 0, returned: 0, gone: 0 });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 1, last_seen_at: later, gone_at: null }]);
    expect(await backlogIn(database)).toMatchObject([{ contract_id: 2, last_seen_at: later, gone_at: null }]);
  });

  test('a contract that waits and is listed with another row waits with that row', async () => {
    const { store, database } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1, { price: 1 })]));
    const changed = listed(1, { price: 2, date_expired: '2026-03-20T00:00:00Z' });
    await recordAlone(store, sweepOf(later, [changed]));
    const [entry] = await backlogIn(database);
    expect(entry?.date_expired).toBe('2026-03-20T00:00:00Z');
    expect(jsonOf(entry?.row)).toEqual(changed.row);
  });

  test('texts that a database might not hold are kept in the row', async () => {
    const { store, database } = await openTestStore(backing);
    const contract = listed(1, { title: 'a\0b \uD83D 🚀', note: 'c\0' });
    await recordAlone(store, sweepOf(noon, [contract]));
    const [entry] = await backlogIn(database);
    expect(jsonOf(entry?.row)).toEqual(contract.row);
  });

  test('thousands of contracts at once are taken in', async () => {
    const { store } = await openTestStore(backing);
    const contracts = Array.from({ length: 3_000 }, (_, index) => listed(index + 1));
    expect(await recordAlone(store, sweepOf(noon, contracts))).toMatchObject({ listed: 3_000, new: 3_000 });
    const announced = { contract_ids: contracts.map(({ contract }) => contract.contract_id), quarantined: [] };
    expect(await store.unsettled(announced)).toEqual({ contract_ids: [], quarantined: [] });
    expect(await recordAlone(store, sweepOf(later, [], { announced }))).toMatchObject({ listed: 3_000, new: 0 });
    expect(await recordAlone(store, sweepOf(evening, []))).toMatchObject({ listed: 0, new: 0 });
    expect(await dueIds(store, evening)).toEqual([]);
  });
});

describe.each(backings)('rows that cannot be used, on $name', (backing) => {
  test('are kept raw with the reason, and nothing is tried with them', async () => {
    const { store, database } = await openTestStore(backing);
    const raw = { contract_id: 7, title: 'a\0', issuer_id: null };
    const counts = await recordAlone(
      store,
      sweepOf(noon, [listed(1)], { quarantined: [unusable('issuer', 7, raw), unusable('text', null, 'no row')] }),
    );
    expect(counts).toMatchObject({ listed: 1, new: 1, quarantined: 2 });
    const entries = (await backlogIn(database)).filter(({ status }) => status === 'quarantined');
    expect(entries).toMatchObject([
      { contract_id: 7, region_id: forge, last_answer: 'issuer is wrong', next_attempt_at: null, first_seen_at: noon },
      { contract_id: null, region_id: forge, last_answer: 'text is wrong', next_attempt_at: null },
    ]);
    // A text of JSON alone is not parsed twice.
    expect(entries.map(({ row }) => row)).toEqual([JSON.stringify(raw), JSON.stringify('no row')]);
    expect(await dueIds(store, evening)).toEqual([1]);
    expect(await store.countWaiting([forge])).toEqual([{ region_id: forge, status: 'deferred', contracts: 1 }]);
  });

  test('are one entry however often they are listed, and gone when they no longer are', async () => {
    const { store, database } = await openTestStore(backing);
    const quarantined = [unusable('issuer', 7)];
    await recordAlone(store, sweepOf(noon, [], { quarantined }));
    await recordAlone(store, sweepOf(later, [], { quarantined }));
    expect(await backlogIn(database)).toMatchObject([{ first_seen_at: noon, last_seen_at: later, gone_at: null }]);
    await recordAlone(store, sweepOf(evening, []));
    expect(await backlogIn(database)).toMatchObject([{ last_seen_at: later, gone_at: evening }]);
    await recordAlone(store, sweepOf('2026-03-01T21:00:00Z', [], { quarantined }));
    expect(await backlogIn(database)).toMatchObject([{ gone_at: null, next_attempt_at: null }]);
  });

  test('of a contract that is stored do not make it gone, with or without a body', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    const quarantined = [unusable('price', 1)];
    expect(await recordAlone(store, sweepOf(later, [], { quarantined }))).toMatchObject({ gone: 0, quarantined: 1 });
    const announced = { contract_ids: [], quarantined: quarantined.map(({ backlog_key }) => backlog_key) };
    expect(await recordAlone(store, sweepOf(evening, [], { announced }))).toMatchObject({ gone: 0, quarantined: 1 });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 1, last_seen_at: evening, gone_at: null }]);
  });

  test('of a contract that waits leave it due with the row that could be used', async () => {
    const { store } = await openTestStore(backing);
    const usable = listed(1);
    await recordAlone(store, sweepOf(noon, [usable]));
    await recordAlone(store, sweepOf(later, [], { quarantined: [unusable('price', 1)] }));
    const [due] = await store.dueContracts([forge], evening);
    expect(JSON.parse(due?.row ?? 'null')).toEqual(usable.row);
  });

  test('of a contract whose row becomes usable leave it new', async () => {
    const { store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [], { quarantined: [unusable('price', 1)] }));
    expect(await recordAlone(store, sweepOf(later, [listed(1)]))).toMatchObject({ new: 1, quarantined: 0 });
    expect(await dueIds(store, later)).toEqual([1]);
    expect(await store.countWaiting([forge, domain])).toMatchObject([{ status: 'deferred', contracts: 1 }]);
  });
});
