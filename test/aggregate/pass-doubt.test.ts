import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import type { StandInEsi } from '../fake-esi/types.ts';
import { backings, passBackings } from '../helpers/backings.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { contractsIn, rowsFrom, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfAnHour = 1_800_000;

const removeAll = (esi: StandInEsi, ids: readonly number[]) => {
  for (const id of ids) esi.world.remove(id);
};

describe.each(passBackings)('a list that takes away an implausible share of its region, on $name', (backing) => {
  test('is doubtful and takes nothing away, until a later generation says the same', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 7);
    await pass();
    removeAll(esi, ids);
    advance(halfAnHour);
    const summary = await pass();
    expect(summary).toMatchObject({
      outcome: 'partial',
      exit_code: exitCodes.partial,
      regions: { complete: 0, doubtful: 1 },
      contracts: { listed: 0, gone: 0 },
      left: [
        'region 10000002 doubtful (the list no longer shows 7 of 7 contracts; waiting for a later list to confirm it)',
      ],
    });
    const [sweep] = await rowsFrom(database, sql`SELECT * FROM region_sweeps WHERE run_id = ${summary.run_id}`);
    expect(sweep).toMatchObject({ outcome: 'doubtful', gone: 0, last_modified: expect.any(String) });
    // The same list says nothing new.
    expect(await pass()).toMatchObject({ outcome: 'complete', regions: { fresh: 1 }, contracts: { gone: 0 } });

    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', regions: { complete: 1 }, contracts: { gone: 7 } });
    const changes = await rowsOf(database, 'contract_changes', 'change_id');
    expect(changes.filter(({ change }) => change === 'gone')).toHaveLength(7);
    expect(await rowsOf(database, 'departures', 'contract_id')).toEqual([]);
  });
});

describe.each(backings)('a list that takes away an implausible share of its region, on $name', (backing) => {
  test('leaves no trace when the next one shows everything again', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 12);
    await pass();
    removeAll(esi, ids);
    advance(halfAnHour);
    await pass();
    for (const id of ids) esi.world.relist(id);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 12, new: 0, gone: 0 } });
    const changes = await rowsOf(database, 'contract_changes', 'change_id');
    expect(new Set(changes.map(({ change }) => change))).toEqual(new Set(['appeared']));
    expect(await rowsOf(database, 'departures', 'contract_id')).toEqual([]);
  });

  test.each([
    ['four of four', 4, 4],
    ['ten of twelve', 10, 12],
    ['twenty of forty', 20, 40],
  ])('is believed where it is %s', async (_share, taken, of) => {
    const { esi, pass } = await openBench(backing);
    const ids = addExchanges(esi, of);
    await pass();
    removeAll(esi, ids.slice(0, taken));
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', regions: { complete: 1 }, contracts: { gone: taken } });
  });

  test('counts what has ended by itself as plausible', async () => {
    const { esi, pass } = await openBench(backing);
    const date_expired = `${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}Z`;
    for (let index = 0; index < 25; index += 1) addExchange(esi, { date_expired });
    addExchanges(esi, 5);
    await pass();
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 5, gone: 25 } });
  });

  test('is doubted stage by stage: what two lists do not show is gone, the rest is in doubt', async () => {
    const { esi, pass, database } = await openBench(backing);
    const ids = addExchanges(esi, 80);
    await pass();
    removeAll(esi, ids.slice(0, 45));
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ regions: { doubtful: 1 }, contracts: { gone: 0 } });
    removeAll(esi, ids.slice(45, 70));
    advance(halfAnHour);
    expect(await pass()).toMatchObject({
      exit_code: exitCodes.partial,
      regions: { doubtful: 1 },
      contracts: { gone: 45 },
      left: [expect.stringMatching(/25 of 35 contracts/)],
    });
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 10, gone: 25 } });
    expect((await contractsIn(database)).filter(({ gone_at }) => gone_at === null)).toHaveLength(10);
  });

  test('gives up nothing that waits in the backlog', async () => {
    const { esi, pass } = await openBench(backing);
    const ids = addExchanges(esi, 8);
    const [hurt = 0] = ids;
    const fault = esi.faults.inject({
      match: { route: 'items', contract_id: hurt },
      fault: { kind: 'status', status: 400, body: { error: 'odd' } },
    });
    await pass();
    fault.remove();
    const list = esi.faults.inject({ match: { route: 'list' }, fault: { kind: 'body', value: [] } });
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ regions: { doubtful: 1 }, contracts: { stored: 1, gone: 0 } });
    list.remove();
  });
});
