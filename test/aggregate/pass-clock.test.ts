import { describe, expect, test, vi } from 'vitest';
import { backings } from '../helpers/backings.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { backlogIn, contractsIn } from '../helpers/tables.ts';

const minute = 60_000;
const hour = 60 * minute;
const year = 365 * 24 * hour;

/** A pass whose host's clock is wrong; the server's keeps its own time. */
async function openSkewedBench(backing: (typeof backings)[number]) {
  const bench = await openBench(backing);
  const { esi } = bench;
  /** How far the host's clock is ahead of the server's, or behind it. */
  let skew = 0;
  return {
    ...bench,
    setSkew(milliseconds: number) {
      // Both clocks are the process's; the server's is moved the other way.
      vi.setSystemTime(Date.now() + milliseconds - skew);
      esi.clock.advance(skew - milliseconds);
      skew = milliseconds;
    },
    /** Advances both clocks. */
    wait(milliseconds: number) {
      vi.setSystemTime(Date.now() + milliseconds);
    },
  };
}

describe.each(backings)('a clock that is wrong, on $name', (backing) => {
  test.each([-hour, hour, -year, year])(
    'by %d ms: no list is asked for before it expires, none is forgotten',
    async (skew) => {
      const { esi, pass, setSkew, wait, database } = await openSkewedBench(backing);
      setSkew(skew);
      addExchanges(esi, 3);
      expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 3, gone: 0 } });
      wait(29 * minute);
      esi.requests.clear();
      expect(await pass()).toMatchObject({ regions: { fresh: 1 } });
      expect(esi.requests.length).toBe(0);
      wait(minute);
      const added = addExchange(esi);
      expect(await pass()).toMatchObject({ contracts: { stored: 1, gone: 0 } });
      const contracts = await contractsIn(database);
      expect(contracts.map(({ contract_id }) => contract_id)).toContain(added);
      expect(contracts.filter(({ gone_at }) => gone_at !== null)).toEqual([]);
    },
  );

  test.each([hour, year])('that was %d ms ahead and has been put right keeps no list fresh for ever', async (skew) => {
    const { esi, pass, setSkew, wait } = await openSkewedBench(backing);
    addExchanges(esi, 3);
    setSkew(skew);
    await pass();
    setSkew(0);
    const added = addExchange(esi);
    wait(skew === hour ? 90 * minute : 30 * minute);
    esi.requests.clear();
    expect(await pass(), String(added)).toMatchObject({ outcome: 'complete', contracts: { stored: 1, gone: 0 } });
    expect(esi.requests.count({ route: 'list' })).toBe(1);
  });

  test.each([hour, year])('that was %d ms ahead and has been put right keeps no contract waiting', async (skew) => {
    const { esi, pass, setSkew, database } = await openSkewedBench(backing);
    const id = addExchange(esi);
    setSkew(skew);
    const fault = esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'status', status: 500 } });
    expect(await pass()).toMatchObject({ contracts: { deferred: 1 } });
    if (skew === year) {
      expect(await pass()).toMatchObject({ contracts: { deferred: 1 } });
      expect(await backlogIn(database)).toMatchObject([{ attempts: 2 }]);
    }
    fault.remove();
    setSkew(0);
    expect(await pass()).toMatchObject({ contracts: { stored: 1, deferred: 0 } });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: id }]);
  });

  test('by an hour ahead calls no contract expired that left before its expiry', async () => {
    const { esi, pass, setSkew, wait, database } = await openSkewedBench(backing);
    const date_expired = `${new Date(Date.now() + 90 * minute).toISOString().slice(0, 19)}Z`;
    const id = addExchange(esi, { date_expired });
    setSkew(hour);
    await pass();
    esi.world.complete(id);
    wait(31 * minute);
    expect(await pass()).toMatchObject({ contracts: { gone: 1 } });
    expect(await contractsIn(database)).toMatchObject([{ outcome: 'unknown' }]);
  });
});
