import { describe, expect, test } from 'vitest';
import { passOver } from '../../src/aggregate/conduct.ts';
import type { Store } from '../../src/store/store.ts';
import { backings } from '../helpers/backings.ts';
import { addExchanges, collectingLog, openBench, usualSettings } from '../helpers/pass.ts';
import { advance } from '../helpers/time.ts';

const listLifetime = 1_800_000;

/** A store that counts calls by operation. */
function counted(store: Store): { store: Store; calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const watched = Object.entries(store).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value];
    const call = (...args: unknown[]) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return value(...args);
    };
    return [name, call];
  });
  return { store: Object.fromEntries(watched), calls };
}

describe.each(backings)('what a pass costs, on $name', (backing) => {
  test('is a request a page and a contract when it is cold, a page when it is steady, and none when it is idle', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 120);
    await pass();
    const paths = esi.requests.all().map(({ method, path }) => `${method} ${path}`);
    const posts = paths.filter((path) => path.startsWith('POST'));
    expect(new Set(paths).size).toBe(paths.length - posts.length + Math.min(posts.length, 1));
    expect(esi.requests.count({ route: 'list' })).toBe(12);
    expect(esi.requests.count({ route: 'items' })).toBe(120);
    // Regions, places, a type with its groups, and names in one request a kind.
    expect(paths.length - 132).toBeLessThan(20);

    esi.requests.clear();
    await pass();
    expect(esi.requests.all()).toEqual([]);

    advance(listLifetime);
    await pass();
    expect(esi.requests.all().map(({ route }) => route)).toEqual(Array.from({ length: 12 }, () => 'list'));
  });

  test('is as many operations of the database when it is idle, however many contracts are stored', async () => {
    const callsOfIdlePass = async (contracts: number) => {
      const { esi, store, database, pass } = await openBench(backing);
      addExchanges(esi, contracts);
      await pass();
      const { store: watched, calls } = counted(store);
      const { log } = collectingLog();
      const stop = new AbortController();
      await passOver(
        { ...watched, identity: store.identity, validators: store.validators },
        usualSettings(esi, database),
        {
          log,
          stop,
        },
      );
      return Object.fromEntries(calls);
    };
    const few = await callsOfIdlePass(2);
    expect(await callsOfIdlePass(200)).toEqual(few);
    expect(few).not.toHaveProperty('storeContract');
  });
});
