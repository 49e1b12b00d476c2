import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { backings, openTestStore } from '../helpers/backings.ts';
import { domain, forge, listed, sweepOf } from '../helpers/esi-rows.ts';
import { dueIds, recordAlone, recordListed, storeListed } from '../helpers/stored.ts';
import { backlogIn, contractsIn, itemsIn, rowsFrom } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';
const evening = '2026-03-01T20:00:00Z';

describe.each(backings)('a contract that is no longer listed, on $name', (backing) => {
  test('is gone when the sweep is complete; nothing of it is deleted', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1), listed(2)]);
    expect(await recordAlone(store, sweepOf(later, [listed(2)]))).toMatchObject({ listed: 1, gone: 1 });
    expect(await contractsIn(database)).toMatchObject([
      { contract_id: 1, gone_at: later, last_seen_at: noon },
      { contract_id: 2, gone_at: null, last_seen_at: later, outcome: null },
    ]);
    expect(await itemsIn(database)).toHaveLength(2);
  });

  test('is gone when the list is empty', async () => {
    const { store } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1), listed(2)]);
    expect(await recordAlone(store, sweepOf(later, []))).toMatchObject({ listed: 0, gone: 2 });
  });

  test('with thousands of others is gone in the order of ids, and the process hears signals meanwhile', async () => {
    const { store, database } = await openTestStore(backing);
    const ids = Array.from({ length: 3_500 }, (_, index) => index + 1);
    await storeListed(
      store,
      noon,
      ids.map((id) => listed(id, { date_expired: '2026-03-01T12:10:00Z' })),
    );
    let turns = 0;
    const turn = () => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await recordAlone(store, sweepOf(later, []));
    clearImmediate(next);
    expect(turns).toBeGreaterThan(2);
    expect((await contractsIn(database)).every(({ gone_at }) => gone_at === later)).toBe(true);
    const changes = await rowsFrom(
      database,
      sql`SELECT contract_id FROM contract_changes WHERE change = 'gone' ORDER BY change_id`,
    );
    expect(changes.map(({ contract_id }) => contract_id)).toEqual(ids);
  });

  test('is gone once, at the time of the first sweep without it', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    await recordAlone(store, sweepOf(later, []));
    expect(await recordAlone(store, sweepOf(evening, []))).toMatchObject({ gone: 0 });
    expect(await contractsIn(database)).toMatchObject([{ gone_at: later }]);
  });

  test('is not gone when the sweep is not complete', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2)]));
    const counts = await recordAlone(store, sweepOf(later, [listed(3)], { isAbsent: null }));
    expect(counts).toMatchObject({ listed: 1, new: 1, gone: 0 });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 1, gone_at: null, last_seen_at: noon }]);
    expect(await dueIds(store, later)).toEqual([2, 3]);
  });

  test('is not gone when another region is swept', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    expect(await recordAlone(store, sweepOf(later, [], { region_id: domain }))).toMatchObject({ gone: 0 });
    expect(await contractsIn(database)).toMatchObject([{ gone_at: null }]);
  });

  test.each([
    ['after its expiry', '2026-03-01T12:29:59Z', 'expired'],
    ['at its expiry', later, 'expired'],
    ['before its expiry', '2026-03-01T12:30:01Z', 'unknown'],
  ])('%s has the right outcome', async (_when, date_expired, outcome) => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1, { date_expired })]);
    await recordAlone(store, sweepOf(later, []));
    expect(await contractsIn(database)).toMatchObject([{ outcome }]);
  });

  test.each([
    ['is held while nothing shows that its place is still there', [], []],
    ['is gone where the list shows others of its place', [2], [1]],
  ])('%s, if another region is not known', async (_what, shown, gone) => {
    const { store } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1), listed(2)]);
    await store.openRun({ run_id: 'b', started_at: later, host: 'here', process_id: 1, version: '0.1.0' });
    // A flawed list does not prove every absence.
    const rows = shown.map((id) => listed(id));
    await recordListed(store, { ...sweepOf(later, rows, { isAbsent: (id) => id === 1 }), run_id: 'b' });
    const settlement = { run_id: 'b', at: later, region_ids: [forge, domain], moves: [], generated_until: noon };
    const settled = await store.settleDepartures(settlement);
    expect(settled.gone.map(({ contract_id }) => contract_id)).toEqual(gone);
  });

  test('is no longer due when it waits in the backlog', async () => {
    const { store, database } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    await recordAlone(store, sweepOf(later, []));
    expect(await backlogIn(database)).toMatchObject([{ contract_id: 1, gone_at: later }]);
    expect(await dueIds(store, evening)).toEqual([]);
    expect(await store.countWaiting([forge])).toEqual([]);
  });
});

describe.each(backings)('a contract that is listed again, on $name', (backing) => {
  test('is listed as if it had never been gone', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    await recordAlone(store, sweepOf(later, []));
    expect(await recordAlone(store, sweepOf(evening, [listed(1)]))).toMatchObject({ new: 0, returned: 1, gone: 0 });
    expect(await contractsIn(database)).toMatchObject([
      { first_seen_at: noon, last_seen_at: evening, gone_at: null, outcome: null },
    ]);
    expect(await dueIds(store, evening)).toEqual([]);
  });

  test('returns by an incomplete sweep as well', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    await recordAlone(store, sweepOf(later, []));
    const sweep = sweepOf(evening, [listed(1)], { isAbsent: null });
    expect(await recordAlone(store, sweep)).toMatchObject({ returned: 1 });
    expect(await contractsIn(database)).toMatchObject([{ gone_at: null }]);
  });

  test.each([true, false])('is due at once when it waited, whatever its delay (with its row: %s)', async (withRow) => {
    const { store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    await store.postponeContract({
      contract_id: 1,
      status: 'deferred',
      attempts: 9,
      next_attempt_at: '2026-03-02T12:00:00Z',
      last_status: 500,
      last_answer: 'broken',
    });
    await recordAlone(store, sweepOf(later, []));
    const announced = { contract_ids: [1], quarantined: [] };
    await recordAlone(store, sweepOf(evening, withRow ? [listed(1)] : [], { announced }));
    expect(await dueIds(store, evening)).toEqual([1]);
  });

  test('keeps its delay when it was listed all the time', async () => {
    const { store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    await store.postponeContract({
      contract_id: 1,
      status: 'deferred',
      attempts: 3,
      next_attempt_at: evening,
      last_status: 500,
      last_answer: 'broken',
    });
    await recordAlone(store, sweepOf(later, [listed(1)]));
    expect(await dueIds(store, later)).toEqual([]);
    expect(await store.dueContracts([forge], evening)).toMatchObject([{ contract_id: 1, attempts: 3 }]);
  });
});
