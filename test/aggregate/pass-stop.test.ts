import { describe, expect, test, vi } from 'vitest';
import { dailyDowntime } from '../../src/eve/downtime.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { StopError } from '../../src/process/stop.ts';
import { backings } from '../helpers/backings.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { backlogIn, contractsIn, itemsIn, rowsOf } from '../helpers/tables.ts';

describe.each(backings)('a pass that ends early, on $name', (backing) => {
  test('sends no more requests than it may, and leaves the rest in the backlog', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 20);
    // The list of regions, two pages, five contracts.
    const summary = await pass({ maxRequests: 8 });
    expect(esi.requests.length).toBe(8);
    expect(summary).toMatchObject({
      outcome: 'partial',
      exit_code: exitCodes.partial,
      regions: { complete: 1 },
      contracts: { listed: 20, stored: 5, deferred: 15 },
      requests: { total: 8, errors: 0 },
    });
    expect(summary.left.join()).toMatch(/8 requests.*15 contracts in the backlog/);
    expect(await contractsIn(database)).toHaveLength(5);
    expect((await backlogIn(database)).map(({ attempts }) => attempts)).toEqual(Array(15).fill(0));
  });

  test('is finished by the next pass with only the requests that are missing', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 20);
    await pass({ maxRequests: 8, concurrency: 1 });
    esi.requests.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 15, deferred: 0 } });
    expect(esi.requests.count({ route: 'list' })).toBe(0);
    expect(esi.requests.count({ route: 'regions' })).toBe(0);
    expect(esi.requests.count({ route: 'items' })).toBe(15);
    expect((await contractsIn(database)).map(({ contract_id }) => contract_id)).toEqual(ids);
    expect(await itemsIn(database)).toHaveLength(20);
  });

  test('has sent the most valuable requests: lists, items, bids, rolls, and names last', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 3);
    esi.world.add({ items: [{ type_id: 47_702, item_id: 1_000_000_000_500 }] });
    esi.world.add({ type: 'auction', items: [{ type_id: 587 }], bids: [{ amount: 10 }] });
    await pass({ concurrency: 1 });
    const kinds = ['list', 'items', 'bids', 'dynamicItem', 'names'];
    const routes = esi.requests.all().map(({ route }) => route as string);
    const runs = routes
      .filter((route) => kinds.includes(route))
      .filter((route, index, all) => route !== all[index - 1]);
    expect(runs).toEqual(kinds);
  });

  test('in the middle of a list calls the region not reached, and nothing gone', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 20);
    expect(await pass({ maxRequests: 2 })).toMatchObject({
      exit_code: exitCodes.partial,
      regions: { complete: 0, not_reached: 1 },
      contracts: { stored: 0, gone: 0 },
    });
    expect(await rowsOf(database, 'region_sweeps', 'region_id')).toMatchObject([{ outcome: 'not_reached' }]);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 20 } });
  });

  test('by a signal is interrupted: what is stored stays, whole, and the ledger is closed', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 10);
    esi.faults.inject({ match: { route: 'type' }, fault: { kind: 'hang' } });
    const [last = 0] = addExchanges(esi, 1);
    esi.faults.inject({ match: { route: 'items', contract_id: last }, fault: { kind: 'hang' } });
    const summary = await pass({
      signalExitCode: () => exitCodes.terminated,
      onStart(stop) {
        const isHanging = () => esi.requests.count({ contract_id: last }) > 0;
        const othersAreIn = () => esi.requests.count({ route: 'items', status: 200 }) === 10;
        vi.waitUntil(() => isHanging() && othersAreIn(), { interval: 5 }).then(() =>
          stop.abort(new StopError('signal', 'SIGTERM')),
        );
      },
    });
    expect(summary).toMatchObject({ outcome: 'interrupted', exit_code: exitCodes.terminated });
    expect(summary.contracts.stored + summary.contracts.deferred).toBe(11);
    expect(await contractsIn(database)).toHaveLength(summary.contracts.stored);
    expect(await itemsIn(database)).toHaveLength(summary.contracts.stored);
    expect((await backlogIn(database)).map(({ contract_id }) => contract_id)).toContain(last);
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([
      { outcome: 'interrupted', exit_code: exitCodes.terminated, finished_at: summary.finished_at },
    ]);
    esi.faults.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { deferred: 0 } });
    expect(await contractsIn(database)).toHaveLength(11);
  });

  test('in the daily downtime begins nothing, and says so', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 1);
    const now = () => new Date('2026-03-01T11:07:00Z');
    const summary = await pass({ downtime: dailyDowntime, now });
    expect(summary).toMatchObject({ outcome: 'unavailable', exit_code: exitCodes.unavailable });
    expect(summary.left.join()).toContain('is in its daily downtime until 2026-03-01T11:15:00Z');
    expect(esi.requests.length).toBe(0);
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([{ outcome: 'unavailable', exit_code: 12 }]);
  });

  test('because the downtime begins leaves what it had not begun', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 20);
    const hasBegun = () => esi.requests.count({ route: 'items' }) >= 5;
    const now = () => new Date(hasBegun() ? '2026-03-01T10:58:00Z' : '2026-03-01T10:57:59Z');
    const summary = await pass({ concurrency: 1, downtime: dailyDowntime, now });
    expect(summary).toMatchObject({ exit_code: exitCodes.unavailable, regions: { complete: 1 } });
    expect(summary.contracts.stored).toBeGreaterThan(0);
    expect(summary.contracts.stored).toBeLessThan(20);
    expect(summary.contracts.stored + summary.contracts.deferred).toBe(20);
    expect(await contractsIn(database)).toHaveLength(summary.contracts.stored);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { deferred: 0 } });
  });

  test.each(['bids', 'type'] as const)(
    'because the downtime begins asks nothing more, were it in the middle of the %s',
    async (route) => {
      const { esi, pass, database } = await openBench(backing);
      addExchanges(esi, 20);
      for (let count = 0; count < 20; count += 1) addExchange(esi, { type: 'auction' });
      const hasBegun = () => esi.requests.count({ route }) > 0;
      const now = () => new Date(hasBegun() ? '2026-03-01T10:58:00Z' : '2026-03-01T10:57:59Z');
      const summary = await pass({ concurrency: 1, downtime: dailyDowntime, now });
      expect(esi.requests.all({}).at(-1)).toMatchObject({ route });
      expect(esi.requests.count({ route })).toBe(1);
      expect(summary).toMatchObject({ exit_code: exitCodes.unavailable, contracts: { stored: 40, deferred: 0 } });
      expect(summary.left.join()).toContain('is in its daily downtime until');
      expect(await contractsIn(database)).toHaveLength(40);
    },
  );

  test('because ESI limits it beyond its end leaves the rest, at once', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 20);
    esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'errorLimited', resetSeconds: 50 } });
    const summary = await pass({ deadline: new Date(Date.now() + 40_000) });
    expect(summary).toMatchObject({ outcome: 'unavailable', exit_code: exitCodes.unavailable });
    expect(summary.left.join()).toMatch(/ESI limits requests until.*20 contracts in the backlog/);
    esi.faults.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 20 } });
  });

  test('before it began reaches no region', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 1);
    const summary = await pass({ onStart: (stop) => stop.abort(new StopError('max_duration', 'the time is over')) });
    expect(summary).toMatchObject({ outcome: 'partial', exit_code: exitCodes.partial, requests: { total: 0 } });
    expect(summary.left).toEqual(['stopped early: the time is over']);
    expect(esi.requests.length).toBe(0);
  });
});
