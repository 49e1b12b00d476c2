import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { backings } from '../helpers/backings.ts';
import { contractRow, forge } from '../helpers/esi-rows.ts';
import { addExchanges, openBench } from '../helpers/pass.ts';
import { backlogIn, contractsIn, jsonOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfAnHour = 1_800_000;

describe.each(backings)('rows that cannot be used, on $name', (backing) => {
  const hostile: readonly unknown[] = [
    null,
    'a contract',
    [],
    contractRow({ contract_id: undefined }),
    contractRow({ contract_id: 9_007_199_254_740_992 }),
    contractRow({ contract_id: 9_001, issuer_id: undefined }),
    contractRow({ contract_id: 9_002, date_expired: 'soon' }),
    contractRow({ contract_id: 9_003, price: 'much', title: 'a\0b' }),
  ];

  test('are kept raw with the reason, and their neighbours are stored', async () => {
    const { esi, pass, database } = await openBench(backing, { pageSize: 1_000 });
    const ids = addExchanges(esi, 3);
    for (const row of hostile) esi.world.raw(forge, row);
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      exit_code: exitCodes.done,
      contracts: { listed: 3, stored: 3, deferred: 0, quarantined: hostile.length },
    });
    expect((await contractsIn(database)).map(({ contract_id }) => contract_id)).toEqual(ids);
    const entries = await backlogIn(database);
    expect(entries.map(({ row }) => JSON.stringify(jsonOf(row))).sort()).toEqual(
      hostile.map((row) => JSON.stringify(row)).sort(),
    );
    const reasons = new Map(entries.map(({ contract_id, last_answer }) => [contract_id, last_answer]));
    expect(reasons.get(9_001)).toMatch(/^issuer_id: /);
    expect(reasons.get(9_002)).toMatch(/^date_expired: /);
    esi.requests.clear();
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ contracts: { quarantined: hostile.length }, requests: { not_modified: 1 } });
  });

  test('do not make a stored contract gone', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [spoiled = 0] = addExchanges(esi, 2);
    await pass();
    advance(halfAnHour);
    const spoil = (rows: unknown) =>
      (rows as { contract_id: number }[]).map((row) => (row.contract_id === spoiled ? { ...row, price: 'much' } : row));
    esi.faults.inject({ match: { route: 'list' }, fault: { kind: 'transform', transform: spoil } });
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 1, gone: 0, quarantined: 1 } });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: spoiled, gone_at: null }, { gone_at: null }]);
  });

  test('and a contract that is twice on one page do no harm', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [twice = 0] = addExchanges(esi, 2);
    esi.world.raw(forge, esi.world.contract(twice)?.contract);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 2, new: 2, stored: 2 } });
    expect(await contractsIn(database)).toHaveLength(2);
  });
});
