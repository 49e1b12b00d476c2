import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { passBackings } from '../helpers/backings.ts';
import { forge } from '../helpers/esi-rows.ts';
import { addExchange, addExchanges, listRequests, openBench } from '../helpers/pass.ts';
import { backlogIn, contractsIn, itemsIn, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfAnHour = 1_800_000;

describe.each(passBackings)('a pass on $name', (backing) => {
  test('stores each contract with its items, and says so', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 12);
    const auction = addExchange(esi, { type: 'auction', items: [{ type_id: 34 }, { type_id: 587 }] });
    const courier = addExchange(esi, { type: 'courier', items: [] });
    const summary = await pass();
    expect(summary).toMatchObject({
      outcome: 'complete',
      exit_code: exitCodes.done,
      regions: { complete: 1, inconclusive: 0, failed: 0, fresh: 0, not_reached: 0 },
      contracts: { listed: 14, new: 14, stored: 14, gone: 0, deferred: 0, quarantined: 0, gone_before_items: 0 },
      items_stored: 14,
      left: [],
    });
    expect(summary.requests).toEqual({ total: esi.requests.length, not_modified: 0, errors: 0 });
    expect(esi.requests.count({ route: 'items' })).toBe(13);
    expect(esi.requests.count({ contract_id: courier })).toBe(0);
    const contracts = await contractsIn(database);
    expect(contracts.map(({ contract_id }) => contract_id)).toEqual([...ids, auction, courier]);
    expect(contracts.map(({ item_count }) => item_count)).toEqual([...ids.map(() => 1), 2, 0]);
    expect(await itemsIn(database)).toHaveLength(14);
    expect(await backlogIn(database)).toEqual([]);
  });

  test('has a row in the ledger, and one for each region', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 12);
    const summary = await pass();
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([
      {
        run_id: summary.run_id,
        started_at: summary.started_at,
        finished_at: summary.finished_at,
        outcome: 'complete',
        exit_code: 0,
        error: null,
        regions_complete: 1,
        contracts_listed: 12,
        contracts_stored: 12,
        items_stored: 12,
        requests_total: esi.requests.length,
        requests_errors: 0,
      },
    ]);
    expect(await rowsOf(database, 'region_sweeps', 'region_id')).toMatchObject([
      {
        run_id: summary.run_id,
        region_id: forge,
        outcome: 'complete',
        pages: 2,
        listed: 12,
        new: 12,
        stored: 12,
        gone: 0,
        deferred: 0,
        requests: 2,
        not_modified: 0,
        errors: 0,
        error: null,
        last_modified: expect.stringMatching(/GMT$/),
      },
    ]);
  });

  test('that follows at once asks nothing', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 12);
    await pass();
    esi.requests.clear();
    const summary = await pass();
    expect(esi.requests.length).toBe(0);
    expect(summary).toMatchObject({
      outcome: 'complete',
      exit_code: exitCodes.done,
      regions: { complete: 0, fresh: 1 },
      contracts: { listed: 12, new: 0, stored: 0, gone: 0 },
      requests: { total: 0, not_modified: 0, errors: 0 },
    });
  });

  test('that follows after the expiry asks once for each page, with its validator, and for no items', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 12);
    await pass();
    esi.requests.clear();
    advance(halfAnHour);
    const summary = await pass();
    expect(listRequests(esi)).toEqual([
      [1, 304],
      [2, 304],
    ]);
    expect(esi.requests.length).toBe(2);
    expect(summary).toMatchObject({
      outcome: 'complete',
      regions: { complete: 1, fresh: 0 },
      contracts: { listed: 12, new: 0, stored: 0, gone: 0 },
      requests: { total: 2, not_modified: 2, errors: 0 },
    });
    const seen = new Set((await contractsIn(database)).map(({ last_seen_at }) => last_seen_at));
    expect([...seen]).toEqual([summary.finished_at]);
  });

  test('finds what is new, sold and expired, and asks only for what is new', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [sold = 0, kept = 0] = addExchanges(esi, 2);
    const inTwentyMinutes = `${new Date(Date.now() + 1_200_000).toISOString().slice(0, 19)}Z`;
    const expiring = addExchange(esi, { date_expired: inTwentyMinutes });
    await pass();
    esi.world.complete(sold);
    const added = addExchange(esi);
    esi.requests.clear();
    advance(halfAnHour);
    const summary = await pass();
    expect(summary).toMatchObject({ outcome: 'complete', contracts: { listed: 2, new: 1, stored: 1, gone: 2 } });
    expect(esi.requests.all({ route: 'items' }).map(({ contract_id }) => contract_id)).toEqual([added]);
    const contracts = await contractsIn(database);
    expect(contracts).toMatchObject([
      { contract_id: sold, gone_at: summary.finished_at, outcome: 'unknown' },
      { contract_id: kept, gone_at: null, outcome: null },
      { contract_id: expiring, gone_at: summary.finished_at, outcome: 'expired' },
      { contract_id: added, gone_at: null, first_seen_at: summary.finished_at },
    ]);
    expect(await itemsIn(database)).toHaveLength(4);
  });

  test('knows a contract again that was gone, without asking for its items', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [id = 0] = addExchanges(esi, 1);
    await pass();
    esi.world.remove(id);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ contracts: { listed: 0, gone: 1 } });
    esi.world.relist(id);
    advance(halfAnHour);
    esi.requests.clear();
    expect(await pass()).toMatchObject({ contracts: { listed: 1, new: 0, stored: 0 } });
    expect(esi.requests.count({ route: 'items' })).toBe(0);
    expect(await contractsIn(database)).toMatchObject([{ contract_id: id, gone_at: null, outcome: null }]);
  });

  test('over several regions keeps them apart', async () => {
    const domain = 10_000_043;
    const { esi, pass, database } = await openBench(backing, { regions: [forge, domain] });
    const first = addExchange(esi);
    // Another contract stays at its location, so the location did not move to the region that fails.
    const neighbour = addExchange(esi);
    const second = addExchange(esi, { region_id: domain });
    await pass({ regions: ['all'] });
    esi.world.complete(first);
    advance(halfAnHour);
    esi.faults.inject({ match: { route: 'list', region_id: domain }, fault: { kind: 'status', status: 500 } });
    const summary = await pass({ regions: ['The Forge', 'DOMAIN'] });
    expect(summary).toMatchObject({
      outcome: 'partial',
      exit_code: exitCodes.partial,
      regions: { complete: 1, failed: 1 },
      contracts: { gone: 1 },
      left: [expect.stringMatching(/^region 10000043 failed \(page 1: .*500/)],
    });
    expect(await contractsIn(database)).toMatchObject([
      { contract_id: first, region_id: forge, gone_at: summary.finished_at },
      { contract_id: neighbour, region_id: forge, gone_at: null },
      { contract_id: second, region_id: domain, gone_at: null },
    ]);
  });
});
