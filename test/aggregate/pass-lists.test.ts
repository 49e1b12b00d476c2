import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { backings } from '../helpers/backings.ts';
import { addExchange, addExchanges, listRequests, openBench } from '../helpers/pass.ts';
import { contractsIn, rowsFrom } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfAnHour = 1_800_000;

describe.each(backings)('a list whose pages do not fit together, on $name', (backing) => {
  test('is believed where its pages agree: of the page that stays old, nothing is gone', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 15);
    const [sold = 0] = ids;
    const undecided = ids.at(12) ?? 0;
    await pass();
    for (const id of [sold, undecided]) esi.world.complete(id);
    const added = addExchange(esi);
    advance(halfAnHour);
    esi.faults.inject({ match: { route: 'list', page: 2 }, fault: { kind: 'lastModified', shiftSeconds: -1_800 } });
    const summary = await pass();
    expect(summary).toMatchObject({
      outcome: 'complete',
      regions: { complete: 1, inconclusive: 0 },
      contracts: { new: 1, stored: 1, gone: 1 },
      left: [],
    });
    const contracts = await contractsIn(database);
    expect(contracts.map(({ contract_id }) => contract_id)).toContain(added);
    expect(contracts.flatMap(({ contract_id, gone_at }) => (gone_at === null ? [] : contract_id))).toEqual([sold]);
    const sweeps = await rowsFrom(database, sql`SELECT * FROM region_sweeps WHERE run_id = ${summary.run_id}`);
    expect(sweeps).toMatchObject([
      { outcome: 'complete', gone: 1, error: expect.stringMatching(/different generation/) },
    ]);
    esi.requests.clear();
    expect(await pass()).toMatchObject({ regions: { fresh: 1 } });
    expect(listRequests(esi)).toEqual([]);

    esi.faults.clear();
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { gone: 1 } });
  });

  test('is made whole by the same pass when it is so a moment later', async () => {
    const { esi, pass } = await openBench(backing);
    const [sold = 0] = addExchanges(esi, 15);
    await pass();
    esi.world.complete(sold);
    advance(halfAnHour);
    esi.faults.inject({
      match: { route: 'list', page: 2 },
      fault: { kind: 'lastModified', shiftSeconds: -60 },
      times: 1,
    });
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 14, gone: 1 } });
  });

  test('because a contract is on two of them is believed when it stays so', async () => {
    const { esi, pass } = await openBench(backing);
    const [, sold = 0] = addExchanges(esi, 15);
    await pass();
    esi.world.complete(sold);
    advance(halfAnHour);
    esi.faults.inject({ match: { route: 'list', page: 2 }, fault: { kind: 'duplicateContract' } });
    expect(await pass()).toMatchObject({
      exit_code: exitCodes.done,
      regions: { complete: 1 },
      contracts: { listed: 14, gone: 1 },
    });
  });

  test('because one cannot be fetched stores what the others showed, and the next pass asks for that one', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 25);
    const fault = esi.faults.inject({ match: { route: 'list', page: 2 }, fault: { kind: 'html' } });
    expect(await pass()).toMatchObject({
      exit_code: exitCodes.partial,
      regions: { inconclusive: 1 },
      contracts: { listed: 15, new: 15, stored: 15, gone: 0 },
      left: [expect.stringMatching(/page 2: .*502/)],
    });
    expect(await contractsIn(database)).toHaveLength(15);
    fault.remove();
    esi.requests.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 25, new: 10, stored: 10 } });
    expect(listRequests(esi)).toEqual([[2, 200]]);
    expect((await contractsIn(database)).map(({ contract_id }) => contract_id)).toEqual(ids);
  });

  test('because the first one cannot be fetched makes the region failed, and nothing gone', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 5);
    await pass();
    const before = await contractsIn(database);
    advance(halfAnHour);
    const fault = esi.faults.inject({ match: { route: 'list' }, fault: { kind: 'status', status: 404 } });
    expect(await pass()).toMatchObject({
      exit_code: exitCodes.partial,
      regions: { failed: 1 },
      contracts: { listed: 0, gone: 0 },
    });
    expect(await contractsIn(database)).toEqual(before);
    fault.remove();
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      contracts: { listed: 5 },
      requests: { not_modified: 1 },
    });
  });
});

describe.each(backings)('a list that changes its length, on $name', (backing) => {
  test('and becomes longer is taken over whole', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 5);
    await pass();
    addExchanges(esi, 20);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      contracts: { listed: 25, new: 20, stored: 20, gone: 0 },
    });
  });

  test('and becomes shorter has lost what was on its last page', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 25);
    await pass();
    for (const id of ids.slice(20)) esi.world.remove(id);
    advance(halfAnHour);
    const summary = await pass();
    expect(summary).toMatchObject({ outcome: 'complete', contracts: { listed: 20, gone: 5 } });
    const gone = (await contractsIn(database)).filter(({ gone_at }) => gone_at !== null);
    expect(gone.map(({ contract_id }) => contract_id)).toEqual(ids.slice(20));
  });

  test('and becomes shorter in its middle has no errors', async () => {
    const { esi, pass } = await openBench(backing);
    const ids = addExchanges(esi, 25);
    await pass();
    for (const id of ids.slice(3, 13)) esi.world.remove(id);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      contracts: { listed: 15, gone: 10 },
      requests: { errors: 0 },
    });
  });

  test('and becomes empty has lost all', async () => {
    const { esi, pass } = await openBench(backing);
    const ids = addExchanges(esi, 12);
    await pass();
    for (const id of ids) esi.world.remove(id);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ regions: { doubtful: 1 }, contracts: { listed: 0, gone: 0 } });
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 0, gone: 12 } });
  });

  test('may be empty from the start', async () => {
    const { pass } = await openBench(backing);
    expect(await pass()).toMatchObject({ outcome: 'complete', regions: { complete: 1 }, contracts: { listed: 0 } });
  });
});
