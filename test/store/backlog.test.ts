import { describe, expect, test } from 'vitest';
import { nextAttemptAt, nextReferenceAttemptAt } from '../../src/store/backoff.ts';
import type { Postponement } from '../../src/store/records/pass.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { domain, forge, listed, sweepOf, unusable } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';
import { backlogIn, contractsIn, itemsIn } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';

function postponed(contract_id: number, given: Partial<Postponement> = {}): Postponement {
  return {
    contract_id,
    status: 'deferred',
    attempts: 1,
    next_attempt_at: noon,
    last_status: 504,
    last_answer: '504 Timeout contacting tranquility',
    ...given,
  };
}

describe.each(backings)('contracts that are due, on $name', (backing) => {
  test('come in the order of their expiry, the last first, and then of their ids', async () => {
    const { store } = await openTestStore(backing);
    const days = ['2026-03-10', '2026-03-30', '2026-03-20', '2026-03-20'];
    const contracts = days.map((day, index) => listed(index + 1, { date_expired: `${day}T00:00:00Z` }));
    await recordAlone(store, sweepOf(noon, contracts.toReversed()));
    const due = await store.dueContracts([forge], noon);
    expect(due.map(({ contract_id }) => contract_id)).toEqual([2, 3, 4, 1]);
  });

  test('come with their row and with when they were seen', async () => {
    const { store } = await openTestStore(backing);
    const contract = listed(Number.MAX_SAFE_INTEGER);
    await recordAlone(store, sweepOf(noon, [contract]));
    await recordAlone(store, sweepOf(later, [contract]));
    const [due] = await store.dueContracts([forge], later);
    expect(due).toMatchObject({
      contract_id: Number.MAX_SAFE_INTEGER,
      region_id: forge,
      attempts: 0,
      first_seen_at: noon,
      last_seen_at: later,
    });
    expect(JSON.parse(due?.row ?? 'null')).toEqual(contract.row);
  });

  test('are those of the regions asked for', async () => {
    const { store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    await recordAlone(store, sweepOf(noon, [listed(2)], { region_id: domain }));
    const dueIn = async (regions: number[]) => (await store.dueContracts(regions, noon)).map((due) => due.contract_id);
    expect(await dueIn([forge])).toEqual([1]);
    expect(await dueIn([domain])).toEqual([2]);
    expect(await dueIn([forge, domain])).toEqual([1, 2]);
    expect(await dueIn([])).toEqual([]);
  });

  test('are not those whose time has not come', async () => {
    const { store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    await store.postponeContract(postponed(1, { attempts: 4, next_attempt_at: later }));
    expect(await store.dueContracts([forge], '2026-03-01T12:29:59Z')).toEqual([]);
    expect(await store.dueContracts([forge], later)).toMatchObject([{ contract_id: 1, attempts: 4 }]);
  });
});

describe.each(backings)('a contract that is postponed, on $name', (backing) => {
  test('waits with the last answer; the contract tables are not touched', async () => {
    const { store, database } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2)]));
    await store.postponeContract(postponed(1, { attempts: 2, next_attempt_at: later }));
    expect(await backlogIn(database)).toMatchObject([
      {
        contract_id: 1,
        status: 'deferred',
        attempts: 2,
        next_attempt_at: later,
        last_status: 504,
        last_answer: '504 Timeout contacting tranquility',
        first_seen_at: noon,
      },
      { contract_id: 2, attempts: 0, last_status: null, last_answer: null },
    ]);
    expect(await contractsIn(database)).toEqual([]);
    expect(await itemsIn(database)).toEqual([]);
  });

  test('counts as waiting by its status, in its region, while it is listed', async () => {
    const { store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2), listed(3)], { quarantined: [unusable('row', 8)] }));
    await recordAlone(store, sweepOf(noon, [listed(4)], { region_id: domain }));
    await storeListed(store, noon, [listed(1), listed(2), listed(3), listed(5)].slice(3), []);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2), listed(3), listed(5)]));
    await store.postponeContract(postponed(2, { status: 'gone_before_items' }));
    await store.postponeContract(postponed(3, { status: 'quarantined', next_attempt_at: later }));
    const counted = await store.countWaiting([forge, domain]);
    expect(counted).toHaveLength(4);
    expect(counted).toEqual(
      expect.arrayContaining([
        { region_id: forge, status: 'deferred', contracts: 1 },
        { region_id: forge, status: 'gone_before_items', contracts: 1 },
        { region_id: forge, status: 'quarantined', contracts: 1 },
        { region_id: domain, status: 'deferred', contracts: 1 },
      ]),
    );
    expect(await store.countWaiting([domain])).toHaveLength(1);
    expect(await store.countWaiting([])).toEqual([]);
  });
});

describe('the next attempt', () => {
  const now = new Date('2026-03-01T12:00:00.900Z');

  test.each([
    [1, noon],
    [2, '2026-03-01T12:05:00Z'],
    [3, '2026-03-01T12:10:00Z'],
    [4, '2026-03-01T12:20:00Z'],
    [10, '2026-03-02T09:20:00Z'],
    [11, '2026-03-02T12:00:00Z'],
    [500, '2026-03-02T12:00:00Z'],
  ])('after %i failures is in the next pass, then after 5 minutes doubling to a day', (attempts, at) => {
    expect(nextAttemptAt(attempts, now)).toBe(at);
    expect(nextReferenceAttemptAt(attempts, 'failed', now)).toBe(at);
  });

  test.each([
    [1, '2026-03-01T13:00:00Z'],
    [5, '2026-03-01T13:00:00Z'],
    [6, '2026-03-01T13:20:00Z'],
    [500, '2026-03-02T12:00:00Z'],
  ])('at a name that was refused %i times is after an hour at least', (attempts, at) => {
    expect(nextReferenceAttemptAt(attempts, 'refused', now)).toBe(at);
  });
});
