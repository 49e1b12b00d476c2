import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../fake-esi/types.ts';
import { ask } from '../helpers/ask.ts';
import { type Backing, backings } from '../helpers/backings.ts';
import { openBench } from '../helpers/pass.ts';
import { rowsFrom, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const tritanium = 34;
const rifter = 587;
const rifterBlueprint = 691;
const webifier = 47_702;
const hour = 3_600_000;

const faults: readonly Fault[] = [
  { kind: 'html' },
  { kind: 'status', status: 404, body: { error: 'gone' } },
  { kind: 'status', status: 200, body: [{ type_id: 'x' }] },
];

/** A bench whose passes keep the prices fresh. */
async function openPriced(backing: Backing) {
  const bench = await openBench(backing);
  return { ...bench, pass: () => bench.pass({ marketPrices: true }) };
}

describe.each(backings)('the prices of the market, on $name', (backing) => {
  test('are asked for once an hour, and kept as ESI says them', async () => {
    const { esi, pass, database } = await openPriced(backing);
    expect(await pass()).toMatchObject({ market_prices: 'refreshed' });
    expect(await pass()).toMatchObject({ market_prices: 'fresh' });
    expect(esi.requests.count({ route: 'marketPrices' })).toBe(1);
    const kept = await rowsOf(database, 'market_prices', 'type_id');
    const sent = [...esi.universe.prices.values()].toSorted((a, b) => a.type_id - b.type_id);
    expect(kept).toEqual(sent.map((row) => ({ average_price: null, ...row })));
    advance(hour);
    expect(await pass()).toMatchObject({ market_prices: 'unchanged' });
    esi.universe.prices.delete(34);
    advance(hour);
    expect(await pass()).toMatchObject({ market_prices: 'refreshed' });
    expect(await rowsOf(database, 'market_prices', 'type_id')).toHaveLength(sent.length - 1);
  });

  test('are left alone where that is asked for', async () => {
    const { esi, pass, database } = await openBench(backing);
    expect(await pass()).toMatchObject({ market_prices: 'not_asked' });
    expect(esi.requests.count({ route: 'marketPrices' })).toBe(0);
    expect(await rowsOf(database, 'market_prices', 'type_id')).toEqual([]);
  });

  test('that cannot be fetched keep the stored ones, and fail no pass', async () => {
    const { esi, pass, database } = await openPriced(backing);
    await pass();
    const known = await rowsOf(database, 'market_prices', 'type_id');
    advance(hour);
    for (const fault of faults) {
      esi.faults.inject({ match: { route: 'marketPrices' }, fault, times: 4 });
      expect(await pass()).toMatchObject({ market_prices: 'failed', outcome: 'complete', exit_code: 0 });
      advance(hour);
    }
    expect(await rowsOf(database, 'market_prices', 'type_id')).toEqual(known);
  });
});

describe.each(backings)('what contracts are worth, on $name', (backing) => {
  async function openValued() {
    const bench = await openPriced(backing);
    const { prices } = bench.esi.universe;
    prices.clear();
    prices.set(tritanium, { type_id: tritanium, average_price: 4.1, adjusted_price: 4 });
    prices.set(rifter, { type_id: rifter, average_price: 500_000 });
    prices.set(rifterBlueprint, { type_id: rifterBlueprint, average_price: 2_000_000 });
    prices.set(webifier, { type_id: webifier, adjusted_price: 7 });
    return bench;
  }
  const values = (database: Parameters<typeof rowsFrom>[0]) =>
    rowsFrom(database, sql`SELECT * FROM contract_values ORDER BY contract_id`);

  test('is what they offer less what they ask for, as far as it has a price', async () => {
    const { esi, pass, database } = await openValued();
    const offered = esi.world.add({
      price: 400_000,
      items: [
        { type_id: rifter, quantity: 2 },
        { type_id: tritanium, quantity: 1_000 },
        { type_id: tritanium, quantity: 500, is_included: false },
      ],
    });
    const unpriced = esi.world.add({
      price: 5,
      items: [{ type_id: rifterBlueprint, is_blueprint_copy: true, runs: 1 }, { type_id: webifier }],
    });
    const courier = esi.world.add({ type: 'courier', reward: 5, items: [] });
    await pass();
    const id = (added: typeof offered) => added.contract.contract_id;
    expect(await values(database)).toEqual([
      { contract_id: id(offered), estimated_value: 1_000_000 + 4_100 - 2_050, unpriced_item_count: 0 },
      { contract_id: id(unpriced), estimated_value: null, unpriced_item_count: 2 },
    ]);
    const shown = await ask(database, { fields: ['contract_id', 'estimated_value', 'unpriced_item_count', 'margin'] });
    expect(shown.toSorted((a, b) => Number(a.contract_id) - Number(b.contract_id))).toEqual([
      { contract_id: id(offered), estimated_value: 1_002_050, unpriced_item_count: 0, margin: 602_050 },
      { contract_id: id(unpriced), estimated_value: null, unpriced_item_count: 2, margin: null },
      { contract_id: id(courier), estimated_value: null, unpriced_item_count: null, margin: null },
    ]);
    const found = async (filters: Record<string, string[]>) =>
      (await ask(database, { filters, fields: ['contract_id'] })).map((row) => row.contract_id);
    expect(await found({ priced: [] })).toEqual([id(offered)]);
    expect(await found({ 'min-margin': ['600k'] })).toEqual([id(offered)]);
    expect(await found({ 'min-margin': ['700k'] })).toEqual([]);
    expect(await found({ 'min-value': ['1m'] })).toEqual([id(offered)]);
  });

  test('follows the prices while they are listed', async () => {
    const { esi, pass, database } = await openValued();
    const [kept, taken] = [1, 2].map((quantity) =>
      esi.world.add({ price: 1, items: [{ type_id: rifter, quantity }] }),
    ) as [ReturnType<typeof esi.world.add>, ReturnType<typeof esi.world.add>];
    await pass();
    esi.world.remove(taken.contract.contract_id);
    advance(hour);
    await pass();
    esi.universe.prices.set(rifter, { type_id: rifter, average_price: 700_000 });
    advance(hour);
    await pass();
    expect(await values(database)).toMatchObject([
      { contract_id: kept.contract.contract_id, estimated_value: 700_000 },
      { contract_id: taken.contract.contract_id, estimated_value: 1_000_000 },
    ]);
  });

  test('is worked out for what comes later', async () => {
    const { esi, pass, database } = await openValued();
    await pass();
    esi.world.add({ price: 1, items: [{ type_id: rifter }] });
    advance(hour / 2);
    await pass();
    expect(await values(database)).toMatchObject([{ estimated_value: 500_000, unpriced_item_count: 0 }]);
  });
});
