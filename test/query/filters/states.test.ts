import { describe, expect, it } from 'vitest';
import { ask, keptBy } from '../../helpers/ask.ts';
import { backings, openTestStore } from '../../helpers/backings.ts';
import { fill, inHours, theForge } from '../../helpers/contracts.ts';
import { ids, listed, openFilled } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { recordAlone } from '../../helpers/stored.ts';
import { types } from '../../helpers/universe.ts';

const rifter = { type_id: types.rifter };

describe.each(backings)('states of contracts on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each([
    ['listed', listed],
    ['expired', [ids.expired]],
    ['gone', [ids.gone, ids.goneExpired]],
    ['all', Object.values(ids)],
  ])('--state %s keeps these and no others', async (state, expected) => {
    const { database } = market();
    expect(await keptBy(database, { state: [state] })).toEqual(expected);
  });

  it.each(['listed', 'expired', 'gone'])('the column says %s where --state does', async (state) => {
    const { database } = market();
    const rows = await ask(database, { filters: { state: [state] }, fields: ['state'] });
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.state))).toEqual(new Set([state]));
  });

  it('the three states part all contracts', async () => {
    const { database } = market();
    const parts = await Promise.all(['listed', 'expired', 'gone'].map((state) => keptBy(database, { state: [state] })));
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(await keptBy(database, { state: ['all'] }));
  });

  it('all together with another state is all', async () => {
    const { database } = market();
    expect(await keptBy(database, { state: ['gone', 'all'] })).toEqual(Object.values(ids));
  });

  it('what is gone says when, and what became of it', async () => {
    const { database, firstSweepAt, secondSweepAt } = market();
    const rows = await ask(database, {
      filters: { state: ['all'], id: [ids.rifter, ids.expired, ids.gone, ids.goneExpired].map(String) },
      fields: ['contract_id', 'state', 'outcome', 'first_seen_at', 'last_seen_at', 'gone_at'],
      sort: 'contract_id',
    });
    const seen = { first_seen_at: firstSweepAt, last_seen_at: secondSweepAt, gone_at: null, outcome: null };
    const unseen = { first_seen_at: firstSweepAt, last_seen_at: firstSweepAt, gone_at: secondSweepAt };
    expect(rows).toEqual([
      { contract_id: ids.rifter, state: 'listed', ...seen },
      { contract_id: ids.expired, state: 'expired', ...seen },
      { contract_id: ids.gone, state: 'gone', outcome: 'unknown', ...unseen },
      { contract_id: ids.goneExpired, state: 'gone', outcome: 'expired', ...unseen },
    ]);
  });

  it('a contract that expires this second is expired', async () => {
    const { database } = await openFilled(backing, [
      { contract_id: 1, row: { date_expired: inHours(0) } },
      { contract_id: 2, row: { date_expired: inHours(0.1) } },
    ]);
    expect(await keptBy(database, { state: ['expired'] })).toEqual([1]);
    expect(await keptBy(database, {})).toEqual([2]);
  });

  it('a contract that is listed again is listed', async () => {
    const { store, close, database } = await openTestStore(backing);
    await fill(store, [{ contract_id: 1, isGone: true }, { contract_id: 2 }]);
    expect(await keptBy(database, { state: ['gone'] })).toEqual([1]);
    const announced = { contract_ids: [1, 2], quarantined: [] };
    const at = inHours(-0.1);
    await recordAlone(store, {
      run_id: 'a-run',
      region_id: theForge,
      at,
      generated_at: at,
      isAbsent: () => true,
      announced,
      listed: [],
      quarantined: [],
    });
    await close();
    const [row] = await ask(database, { filters: { id: ['1'] } });
    expect(row).toMatchObject({ state: 'listed', outcome: null, gone_at: null });
  });

  it('the number of listed contracts of a region is what --region finds', async () => {
    const { database } = market();
    for (const { name, contracts_listed } of await ask(database, { subject: 'regions' })) {
      expect(await keptBy(database, { region: [String(name)] }), String(name)).toHaveLength(Number(contracts_listed));
    }
  });
});

const directions: [string | null, { type_id: number; is_included?: boolean }[]][] = [
  ['sell', [rifter, rifter]],
  ['buy', [{ ...rifter, is_included: false }]],
  ['barter', [rifter, { type_id: types.caracal, is_included: false }]],
  ['barter', [{ ...rifter, is_included: false }, rifter]],
  [null, []],
];

describe.each(backings)('directions of contracts on $name', (backing) => {
  const market = sharedMarket(
    backing,
    directions.map(([, items], index) => ({ contract_id: index + 1, items })),
  );

  it.each(directions.map(([direction, items], index) => ({ direction, items, id: index + 1 })))(
    'is $direction',
    async ({ direction, items, id }) => {
      const { database } = market();
      const filters = { id: [String(id)] };
      expect(await ask(database, { filters, fields: ['direction', 'item_count'] })).toEqual([
        { direction, item_count: items.length },
      ]);
    },
  );
});
