import { describe, expect, it } from 'vitest';
import { ask } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { ids, openFilled } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { places, theForge, types } from '../../helpers/universe.ts';
import { contractColumns, itemColumns } from './expected-columns.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe.each(backings)('a contract row on $name', (backing) => {
  const market = sharedMarket(backing);

  it('has these columns in this order, whatever its contents', async () => {
    const { database } = market();
    for (const row of await ask(database, { filters: { state: ['all'] } })) {
      expect(Object.keys(row)).toEqual(contractColumns);
    }
  });

  it('has these columns for its items', async () => {
    const { database } = market();
    const rows = await ask(database, { fields: ['contract_id', 'items'] });
    const items = rows.flatMap((row) => row.items as Record<string, unknown>[]);
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(Object.keys(item)).toEqual(itemColumns);
  });

  it('tells what ESI said and what its ids mean', async () => {
    const { database, firstSweepAt, secondSweepAt } = market();
    const [row] = await ask(database, { filters: { id: [String(ids.pair)] } });
    expect(row).toEqual({
      contract_id: ids.pair,
      type: 'item_exchange',
      title: 'PAIR 100% ready',
      price: 20_000_000,
      reward: null,
      collateral: null,
      buyout: null,
      volume: null,
      days_to_complete: null,
      for_corporation: true,
      date_issued: expect.stringMatching(instant),
      date_expired: expect.stringMatching(instant),
      issuer_id: 90000001,
      issuer_corporation_id: 98000001,
      start_location_id: places.jita,
      end_location_id: places.jitaStation,
      region_id: theForge,
      region_name: 'The Forge',
      system_id: places.jita,
      system_name: 'Jita',
      start_location_name: 'Jita',
      end_location_name: 'Jita IV - Moon 4',
      start_location_is_imported: false,
      issuer_name: "Kara O'Tool",
      issuer_corporation_name: 'Hauling "R" Us',
      state: 'listed',
      outcome: null,
      direction: 'sell',
      effective_price: 20_000_000,
      first_seen_at: firstSweepAt,
      last_seen_at: secondSweepAt,
      gone_at: null,
      item_count: 2,
      ship_type_id: types.rifter,
      ship_name: 'Rifter',
      security_status: 0.9459,
      // The test's pass has valued nothing.
      estimated_value: null,
      unpriced_item_count: null,
      margin: null,
      constellation_name: 'Kimotoro',
    });
  });

  it('names what is not known with null', async () => {
    const row = { issuer_id: 1, issuer_corporation_id: 2 };
    const { database } = await openFilled(backing, [{ contract_id: 1, region_id: 10000001, row }]);
    const fields = ['region_id', 'region_name', 'issuer_id', 'issuer_name', 'issuer_corporation_name'];
    expect(await ask(database, { fields })).toEqual([
      { region_id: 10000001, region_name: null, issuer_id: 1, issuer_name: null, issuer_corporation_name: null },
    ]);
  });

  it('has null, and neither zero nor false, for what ESI left out', async () => {
    const row = { price: undefined, title: undefined, days_to_complete: undefined, end_location_id: undefined };
    const { database } = await openFilled(backing, [
      { contract_id: 1, row },
      { contract_id: 2, row: { price: 0, reward: 0, volume: 0, days_to_complete: 0, title: '' } },
    ]);
    const fields = [
      'price',
      'reward',
      'collateral',
      'buyout',
      'volume',
      'days_to_complete',
      'title',
      'end_location_id',
    ];
    const [without, zero] = await ask(database, { fields, sort: 'contract_id' });
    expect(without).toEqual(Object.fromEntries(fields.map((field) => [field, null])));
    expect(zero).toMatchObject({ price: 0, reward: 0, collateral: null, volume: 0, days_to_complete: 0, title: '' });
  });

  it('has booleans for flags', async () => {
    const { database } = market();
    const rows = await ask(database, { fields: ['for_corporation', 'items'] });
    const items = rows.flatMap((row) => row.items as Record<string, unknown>[]);
    expect(new Set(rows.map((row) => row.for_corporation))).toEqual(new Set([true, false]));
    expect(new Set(items.map((item) => item.is_included))).toEqual(new Set([true, false]));
    expect(new Set(items.map((item) => item.is_blueprint_copy))).toEqual(new Set([true, false]));
  });

  it('writes every instant to the second, in UTC', async () => {
    const { database } = market();
    const names = contractColumns.filter((name) => name.startsWith('date_') || name.endsWith('_at'));
    expect(names).toHaveLength(5);
    for (const row of await ask(database, { filters: { state: ['all'] }, fields: names })) {
      for (const value of Object.values(row)) if (value !== null) expect(value).toMatch(instant);
      expect(row.date_issued).not.toBeNull();
    }
  });

  it('keeps whole what is large or small', async () => {
    const row = { price: 9_999_999_999_999.99, volume: 0.01, start_location_id: 1_045_667_241_057 };
    const { database } = await openFilled(backing, [
      { contract_id: 9_007_199_254_740_991, row, items: [{ type_id: 34, item_id: 9_007_199_254_740_991 }] },
    ]);
    const [found] = await ask(database, { fields: ['contract_id', ...Object.keys(row), 'items'] });
    expect(found).toMatchObject({ contract_id: 9_007_199_254_740_991, ...row });
    expect(found?.items).toMatchObject([{ item_id: 9_007_199_254_740_991 }]);
  });

  it('keeps titles as they came', async () => {
    const titles = ['\u001B[31mred', '=1+1', 'two\r\nlines', '🚀👩‍🚀', '"\'`;--', ' blanks ', '\u202Eturned', ''];
    const given = titles.map((title, index) => ({ contract_id: index + 1, row: { title } }));
    const { database } = await openFilled(backing, given);
    expect(await ask(database, { fields: ['title'], sort: 'contract_id' })).toEqual(titles.map((title) => ({ title })));
  });

  it('has a replacement character for a NUL, which not every database can hold', async () => {
    const { database } = await openFilled(backing, [{ contract_id: 1, row: { title: 'a\0b' } }]);
    expect(await ask(database, { fields: ['title'] })).toEqual([{ title: 'a\uFFFDb' }]);
  });
});

const nothing = { system_id: null, system_name: null, start_location_name: null };
const locations: [string, number | undefined, Record<string, unknown>][] = [
  [
    'station',
    places.amarrStation,
    { system_id: 30002187, system_name: 'Amarr', start_location_name: 'Amarr VIII (Oris)' },
  ],
  ['system', places.jita, { system_id: places.jita, system_name: 'Jita', start_location_name: 'Jita' }],
  ['player structure', places.structure, nothing],
  ['station that is not known yet', 60000001, nothing],
  ['system that is not known yet', 30000001, { system_id: 30000001, system_name: null, start_location_name: null }],
  ['place that ESI left out', undefined, nothing],
];

describe.each(backings)('where a contract is on $name', (backing) => {
  const market = sharedMarket(
    backing,
    locations.map(([, start_location_id], index) => ({ contract_id: index + 1, row: { start_location_id } })),
  );

  it.each(locations.map(([what, location, expected], index) => ({ what, location, expected, id: index + 1 })))(
    'is said as far as it is known: $what',
    async ({ location, expected, id }) => {
      const { database } = market();
      const fields = ['start_location_id', ...Object.keys(expected)];
      const rows = await ask(database, { filters: { id: [String(id)] }, fields });
      expect(rows).toEqual([{ start_location_id: location ?? null, ...expected }]);
    },
  );
});
