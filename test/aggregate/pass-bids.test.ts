import { sql } from 'drizzle-orm';
import { describe, expect, test, vi } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { StopError } from '../../src/process/stop.ts';
import type { NewContract, StandInEsi } from '../fake-esi/types.ts';
import { backings, passBackings, type TestDatabase } from '../helpers/backings.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { rowsFrom, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const minute = 60_000;
const hour = 60 * minute;

/** An auction in The Forge; one with an even id and no bids answers `[]`, one with an odd id 204. */
function addAuction(esi: StandInEsi, given: NewContract = {}): number {
  return addExchange(esi, { type: 'auction', bids: [], ...given });
}

const bidsIn = (database: TestDatabase) => rowsOf(database, 'contract_bids', 'bid_id');
const newsIn = (database: TestDatabase) =>
  rowsFrom(database, sql`SELECT contract_id, bid_id, at FROM contract_changes WHERE change = 'bid' ORDER BY change_id`);

describe.each(passBackings)('bids, on $name', (backing) => {
  test('are kept current: asked for with the first pass, and whenever the answer has expired', async () => {
    const { esi, pass, database } = await openBench(backing);
    const auction = addAuction(esi, { bids: [{ amount: 100 }, { amount: 105 }] });
    addExchanges(esi, 2);
    expect((await pass()).bids).toEqual({ asked: 1, new: 2, failed: 0 });
    const first = await bidsIn(database);
    expect(first.map(({ amount }) => amount)).toEqual([100, 105]);
    expect(await newsIn(database)).toEqual([]);

    advance(5 * minute - 1_000);
    const made = esi.world.bid(auction, 110.5);
    expect((await pass()).bids).toEqual({ asked: 0, new: 0, failed: 0 });
    advance(1_000);
    const summary = await pass();
    expect(summary.bids).toEqual({ asked: 1, new: 1, failed: 0 });
    const at = summary.finished_at;
    expect(await bidsIn(database)).toEqual([
      ...first,
      { contract_id: auction, ...made, amount: 110.5, first_seen_at: at },
    ]);
    expect(await newsIn(database)).toEqual([{ contract_id: auction, bid_id: made.bid_id, at }]);
    // Neither the contracts without bids nor anything twice.
    expect(esi.requests.all({ route: 'bids' }).map(({ contract_id }) => contract_id)).toEqual([auction, auction]);
  });
});

describe.each(backings)('bids, on $name', (backing) => {
  test('come after the items of every contract', async () => {
    const { esi, pass } = await openBench(backing);
    addAuction(esi);
    addExchanges(esi, 15);
    await pass();
    const routes = esi.requests.all().map(({ route }) => route);
    expect(routes.indexOf('bids')).toBeGreaterThan(routes.lastIndexOf('items'));
    expect(routes.indexOf('bids')).toBeLessThan(routes.indexOf('type'));
  });

  test('that an answer no longer shows are kept', async () => {
    const { esi, pass, database } = await openBench(backing);
    addAuction(esi, { bids: [{ amount: 1 }, { amount: 2 }] });
    await pass();
    const seen = await bidsIn(database);
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'transform', transform: () => [] } });
    advance(5 * minute);
    expect((await pass()).bids).toEqual({ asked: 1, new: 0, failed: 0 });
    expect(await bidsIn(database)).toEqual(seen);
  });

  test.each([
    ['an empty list', { contract_id: 300 }],
    ['204', { contract_id: 301 }],
  ])('that are none, as %s says, are asked for again after five minutes', async (_what, given) => {
    const { esi, pass, database } = await openBench(backing);
    const auction = addAuction(esi, given);
    expect(await pass()).toMatchObject({ outcome: 'complete', bids: { asked: 1, new: 0, failed: 0 } });
    advance(5 * minute - 1_000);
    await pass();
    expect(esi.requests.count({ route: 'bids' })).toBe(1);
    advance(1_000);
    const { bid_id } = esi.world.bid(auction, 5);
    expect((await pass()).bids).toEqual({ asked: 1, new: 1, failed: 0 });
    expect(await newsIn(database)).toMatchObject([{ contract_id: auction, bid_id }]);
  });

  test.each([
    [403, 'Contract accepted by player, requires authorization'],
    [404, 'Contract not found!'],
  ])('of an auction that answers %i are kept, and not asked for again within the hour', async (status, error) => {
    const { esi, pass, database } = await openBench(backing);
    addAuction(esi, { bids: [{ amount: 1 }] });
    await pass();
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'status', status, body: { error } } });
    advance(5 * minute);
    const summary = await pass();
    expect(summary).toMatchObject({ outcome: 'complete', exit_code: 0, bids: { asked: 1, new: 0, failed: 0 } });
    expect(await bidsIn(database)).toHaveLength(1);
    advance(hour - 1_000);
    expect((await pass()).bids.asked).toBe(0);
    advance(1_000);
    expect((await pass()).bids.asked).toBe(1);
  });

  test.each([
    ['a server error', { kind: 'status', status: 502 } as const],
    ['an answer that is no list', { kind: 'body', value: { error: 'odd' } } as const],
    ['a refusal that means nothing', { kind: 'status', status: 400 } as const],
  ])('that %s kept away stay due, and the pass is complete', async (_what, fault) => {
    const { esi, pass, database } = await openBench(backing);
    const [lost, kept] = [addAuction(esi, { bids: [{ amount: 7 }] }), addAuction(esi, { bids: [{ amount: 8 }] })];
    const injected = esi.faults.inject({ match: { route: 'bids', contract_id: lost }, fault });
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      exit_code: exitCodes.done,
      left: [],
      bids: { asked: 1, new: 1, failed: 1 },
    });
    expect(await bidsIn(database)).toMatchObject([{ contract_id: kept, amount: 8 }]);
    injected.remove();
    expect((await pass()).bids).toEqual({ asked: 1, new: 1, failed: 0 });
    expect((await bidsIn(database)).map(({ contract_id }) => contract_id).sort()).toEqual([lost, kept].sort());
    expect(await newsIn(database)).toEqual([]);
  });

  test('that are malformed keep their neighbours, and are logged', async () => {
    const { esi, pass, database, log } = await openBench(backing);
    const auction = addAuction(esi, { bids: [{ amount: 1 }, { amount: 2 }, { amount: 3 }] });
    const transform = (rows: unknown) => {
      const [first, second, third] = rows as Record<string, unknown>[];
      return [first, { ...second, amount: 'a lot' }, null, third];
    };
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'transform', transform } });
    expect((await pass()).bids).toEqual({ asked: 1, new: 2, failed: 0 });
    expect((await bidsIn(database)).map(({ amount }) => amount)).toEqual([1, 3]);
    expect(log.join('')).toMatch(new RegExp(`contract ${auction}: skipped a malformed bid \\(amount: .*a lot`));
  });

  test('are not asked for on auctions that are past their expiry or gone', async () => {
    const { esi, pass } = await openBench(backing);
    const date_expired = new Date(Date.now() + 10 * minute).toISOString().replace('.000', '');
    addAuction(esi, { date_expired });
    const sold = addAuction(esi);
    await pass();
    esi.requests.clear();
    advance(10 * minute);
    esi.world.complete(sold);
    await pass();
    expect(esi.requests.all({ route: 'bids' }).map(({ contract_id }) => contract_id)).toEqual([sold]);
    esi.requests.clear();
    advance(hour);
    await pass();
    expect(esi.requests.count({ route: 'bids' })).toBe(0);
  });

  test('are not asked for on auctions that ended while limits were waited for', async () => {
    const { esi, pass } = await openBench(backing);
    const date_expired = new Date(Date.now() + minute).toISOString().replace('.000', '');
    for (let count = 0; count < 5; count += 1) addAuction(esi, { date_expired });
    const headers = { 'X-Esi-Error-Limit-Remain': '0', 'X-Esi-Error-Limit-Reset': '60' };
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'headers', headers }, times: 1 });
    const summary = await pass({ concurrency: 1 });
    // The first bid, and the one that waited for a slot.
    expect(esi.requests.count({ route: 'bids' })).toBeLessThanOrEqual(2);
    expect(summary).toMatchObject({ outcome: 'complete', bids: { failed: 0 } });
  });

  test('that a pass did not reach before its end are asked for by the next one', async () => {
    const { esi, pass, database } = await openBench(backing);
    for (let count = 0; count < 5; count += 1) addAuction(esi, { bids: [{ amount: 10 + count }] });
    // The list of regions, one page, five contracts, two auctions.
    const summary = await pass({ maxRequests: 9 });
    expect(summary).toMatchObject({ outcome: 'partial', bids: { asked: 2, new: 2, failed: 0 } });
    expect(await bidsIn(database)).toHaveLength(2);
    esi.requests.clear();
    expect((await pass()).bids).toEqual({ asked: 3, new: 3, failed: 0 });
    expect(esi.requests.count({ route: 'bids' })).toBe(3);
  });

  test('of an auction that was under way when a signal came are no fault', async () => {
    const { esi, pass } = await openBench(backing);
    addAuction(esi, { bids: [{ amount: 1 }] });
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'hang' } });
    const summary = await pass({
      signalExitCode: () => exitCodes.terminated,
      onStart(stop) {
        vi.waitUntil(() => esi.requests.count({ route: 'bids' }) > 0, { interval: 5 }).then(() =>
          stop.abort(new StopError('signal', 'SIGTERM')),
        );
      },
    });
    expect(summary).toMatchObject({ outcome: 'interrupted', bids: { asked: 0, new: 0, failed: 0 } });
  });
});
