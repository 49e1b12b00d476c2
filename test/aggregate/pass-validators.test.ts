import { describe, expect, test } from 'vitest';
import { backings } from '../helpers/backings.ts';
import { forge } from '../helpers/esi-rows.ts';
import { addExchange, addExchanges, listRequests, openBench, openBenchAt } from '../helpers/pass.ts';
import { contractsIn } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfAnHour = 1_800_000;

describe.each(backings)('validators, on $name', (backing) => {
  test('of another database are not seen', async () => {
    const first = await openBench(backing);
    addExchanges(first.esi, 3);
    await first.pass();
    const second = await openBenchAt(backing, first.esi);
    const validatorsOf = { validators: first.store.validators, identity: second.store.identity };
    first.esi.requests.clear();
    expect(await second.pass({ validatorsOf })).toMatchObject({ contracts: { stored: 3 } });
    expect(first.esi.requests.count({ conditional: true })).toBe(0);
  });

  test('that are ahead of the database are not believed', async () => {
    const ahead = await openBench(backing);
    const { esi } = ahead;
    addExchanges(esi, 12);
    const behind = await openBenchAt(backing, esi);
    await behind.pass();
    advance(halfAnHour);
    const added = addExchange(esi);
    await ahead.pass();
    esi.requests.clear();
    // As if the database had been restored from a copy, and the cache not.
    expect(await behind.pass({ validatorsOf: ahead.store })).toMatchObject({
      contracts: { new: 1, stored: 1, gone: 0 },
    });
    expect(listRequests(esi)).toEqual([[2, 200]]);
    expect((await contractsIn(behind.database)).map(({ contract_id }) => contract_id)).toContain(added);
  });

  test('that are lost or garbled cost unconditional requests and nothing else', async () => {
    const { esi, pass, store } = await openBench(backing);
    addExchanges(esi, 12);
    await pass();
    const urls = [1, 2].map((page) => `${esi.url}/contracts/public/${forge}?page=${page}`);
    const [first = '', second = ''] = urls;
    await store.validators.set(first, 'garbled {');
    expect(await store.validators.delete(second)).toBe(true);
    esi.requests.clear();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { listed: 12, new: 0, stored: 0, gone: 0 } });
    expect(listRequests(esi)).toEqual([
      [1, 200],
      [2, 200],
    ]);
    expect(esi.requests.length).toBe(2);
    esi.requests.clear();
    await pass();
    expect(esi.requests.length).toBe(0);
  });
});
