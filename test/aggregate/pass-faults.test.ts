import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { ask } from '../fake-esi/open-esi.ts';
import { backings } from '../helpers/backings.ts';
import { forge } from '../helpers/esi-rows.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { backlogIn, contractsIn, itemsIn, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

describe.each(backings)('a fault on one contract, on $name', (backing) => {
  test('costs that contract alone; the next pass heals it without asking for its list', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 5);
    const [hurt = 0, ...others] = ids;
    const fault = esi.faults.inject({
      match: { route: 'items', contract_id: hurt },
      fault: { kind: 'status', status: 500, body: { error: 'Internal' } },
    });
    expect(await pass()).toMatchObject({
      outcome: 'partial',
      exit_code: exitCodes.partial,
      regions: { complete: 1 },
      contracts: { listed: 5, new: 5, stored: 4, deferred: 1 },
      left: ['1 contracts in the backlog'],
    });
    expect((await contractsIn(database)).map(({ contract_id }) => contract_id)).toEqual(others);
    expect(await itemsIn(database)).toHaveLength(4);
    expect(await backlogIn(database)).toMatchObject([
      { contract_id: hurt, status: 'deferred', attempts: 1, last_status: 500 },
    ]);
    expect(await rowsOf(database, 'region_sweeps', 'region_id')).toMatchObject([{ stored: 4, deferred: 1 }]);

    fault.remove();
    esi.requests.clear();
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      exit_code: exitCodes.done,
      regions: { fresh: 1 },
      contracts: { stored: 1, deferred: 0 },
    });
    expect(esi.requests.all().map(({ route, contract_id }) => [route, contract_id])).toEqual([['items', hurt]]);
    expect((await contractsIn(database)).map(({ contract_id }) => contract_id)).toEqual(ids);
  });

  test('is reported one by one up to the tenth, however many contracts are gone or malformed', async () => {
    const { esi, pass, log } = await openBench(backing);
    const ids = addExchanges(esi, 40);
    const inject = (contract_id: number, status: number, body: unknown) =>
      esi.faults.inject({ match: { route: 'items', contract_id }, fault: { kind: 'status', status, body } });
    for (const id of ids.slice(0, 12)) inject(id, 404, { error: 'Contract not found!' });
    for (const id of ids.slice(12, 24)) inject(id, 200, [{ type_id: 'many' }]);
    const hurt = ids.slice(24, 36);
    for (const id of hurt) inject(id, 400, { error: 'Bad request' });
    expect(await pass({ concurrency: 1 })).toMatchObject({
      contracts: { stored: 4, deferred: 12, quarantined: 12, gone_before_items: 12 },
    });
    const lines = log.map((line) => JSON.parse(line) as { level: string; msg: string; contract_id?: number });
    const warnings = lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
    expect(warnings).toEqual([
      expect.stringMatching(/^12 contracts are deferred, first contract \d+ in region 10000002: 400 Bad request$/),
    ]);
    expect(lines.filter(({ msg }) => /is (deferred|quarantined|gone_before_items)/.test(msg))).toHaveLength(36);
  });

  test('is reported with the ids of the pass, the region and the contract, in the message and in fields', async () => {
    const { esi, pass, log } = await openBench(backing);
    const [hurt = 0] = addExchanges(esi, 2);
    esi.faults.inject({ match: { contract_id: hurt }, fault: { kind: 'status', status: 400, body: { error: 'Bad' } } });
    const { run_id } = await pass();
    expect(log.map((line) => JSON.parse(line))).toContainEqual({
      time: expect.any(String),
      level: 'warn',
      msg: `contract ${hurt} in region ${forge} is deferred: 400 Bad`,
      run_id,
      region_id: forge,
      contract_id: hurt,
      route: 'contracts/public/items/{id}',
      status: 400,
      attempt: 1,
    });
  });

  test('leaves nothing of it when its second page of items cannot be fetched', async () => {
    const { esi, pass, database } = await openBench(backing);
    const id = addExchange(esi, { items: Array.from({ length: 15 }, () => ({ type_id: 587 })) });
    esi.faults.inject({ match: { route: 'items', page: 2 }, fault: { kind: 'truncate' } });
    expect(await pass()).toMatchObject({ exit_code: exitCodes.partial, contracts: { stored: 0, deferred: 1 } });
    expect([await contractsIn(database), await itemsIn(database)]).toEqual([[], []]);
    esi.faults.clear();
    expect(await pass()).toMatchObject({ exit_code: exitCodes.done, items_stored: 15 });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: id, item_count: 15 }]);
  });

  test('is waited for with growing delays, and the contract is never forgotten while it is listed', async () => {
    const { esi, pass, database } = await openBench(backing, { lifetimes: { list: 86_400 } });
    const id = addExchange(esi);
    const fault = esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'status', status: 500 } });
    const asked = async (): Promise<number> => {
      esi.requests.clear();
      expect(await pass()).toMatchObject({ contracts: { deferred: 1 } });
      return esi.requests.count({ route: 'items' });
    };
    expect(await asked()).toBe(4);
    expect(await asked()).toBe(4);
    advance(299_000);
    expect(await asked()).toBe(0);
    advance(1_000);
    expect(await asked()).toBe(4);
    advance(599_000);
    expect(await asked()).toBe(0);
    advance(1_000);
    fault.remove();
    expect(await pass()).toMatchObject({ exit_code: exitCodes.done, contracts: { stored: 1, deferred: 0 } });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: id }]);
  });

  test('is not an outage, even when only that contract was left to request', async () => {
    const { esi, pass } = await openBench(backing);
    addExchange(esi);
    esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'status', status: 500 } });
    await pass();
    expect(await pass()).toMatchObject({ outcome: 'partial', exit_code: exitCodes.partial, regions: { fresh: 1 } });
  });

  test('ends with the contract, which is then no longer waited for', async () => {
    const { esi, pass } = await openBench(backing);
    const id = addExchange(esi);
    esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'status', status: 500 } });
    await pass();
    esi.world.remove(id);
    advance(1_800_000);
    esi.requests.clear();
    expect(await pass()).toMatchObject({ exit_code: exitCodes.done, contracts: { listed: 0, deferred: 0 } });
    expect(esi.requests.count({ route: 'items' })).toBe(0);
  });
});

describe.each(backings)('a contract without usable items, on $name', (backing) => {
  test.each([204, 403] as const)('gone before they were fetched (%i) makes no pass partial', async (status) => {
    const { esi, pass, database } = await openBench(backing);
    const [gone = 0, kept = 0] = addExchanges(esi, 2);
    // The list is made before the contract goes.
    await ask(esi, `/contracts/public/${forge}`);
    esi.world.complete(gone, status);
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      exit_code: exitCodes.done,
      contracts: { stored: 1, deferred: 0, gone_before_items: 1 },
    });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: kept }]);
    expect(await backlogIn(database)).toMatchObject([{ contract_id: gone, status: 'gone_before_items' }]);
  });

  test('that cannot be used is quarantined, with the item raw, and makes no pass partial', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [hostile = 0, kept = 0] = addExchanges(esi, 2);
    esi.world.rawItems(hostile, [{ record_id: 1, type_id: 587, quantity: 1, is_included: true }, { record_id: 'two' }]);
    expect(await pass()).toMatchObject({
      exit_code: exitCodes.done,
      contracts: { stored: 1, deferred: 0, quarantined: 1 },
    });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: kept }]);
    expect(await itemsIn(database)).toHaveLength(1);
    expect(await backlogIn(database)).toMatchObject([
      { contract_id: hostile, status: 'quarantined', last_answer: expect.stringContaining('{"record_id":"two"}') },
    ]);
  });
});

describe.each(backings)('ESI as a whole, on $name', (backing) => {
  test('being down from the start ends the pass as unavailable, with a row in the ledger', async () => {
    const { esi, pass, database } = await openBench(backing);
    esi.faults.inject({ fault: { kind: 'status', status: 503 } });
    expect(await pass()).toMatchObject({ outcome: 'unavailable', exit_code: exitCodes.unavailable });
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([
      { outcome: 'unavailable', exit_code: exitCodes.unavailable, error: expect.stringMatching(/list of regions/) },
    ]);
  });

  test('being down later on loses nothing', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 3);
    await pass();
    const before = await contractsIn(database);
    advance(1_800_000);
    esi.faults.inject({ fault: { kind: 'html' } });
    expect(await pass()).toMatchObject({ outcome: 'unavailable', exit_code: exitCodes.unavailable });
    expect(await contractsIn(database)).toEqual(before);
    esi.faults.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 3, gone: 0 } });
  });

  test('going down while items are fetched ends the pass; the next one goes on where it ended', async () => {
    const { esi, pass, database } = await openBench(backing, { errorLimit: { limit: 1_000, windowSeconds: 60 } });
    addExchanges(esi, 30);
    esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'reset' } });
    esi.faults.inject({ match: { route: 'status' }, fault: { kind: 'html' } });
    const summary = await pass();
    expect(summary).toMatchObject({ outcome: 'unavailable', exit_code: exitCodes.unavailable });
    expect(summary.contracts.deferred).toBe(30);
    esi.faults.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 30 }, regions: { fresh: 1 } });
    expect(await contractsIn(database)).toHaveLength(30);
    expect(esi.requests.all({ route: 'list', region_id: forge })).toHaveLength(3);
  });
});
