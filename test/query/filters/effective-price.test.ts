import { describe, expect, it } from 'vitest';
import { ask, idsOf, keptBy } from '../../helpers/ask.ts';
import { backings, openTestStore } from '../../helpers/backings.ts';
import { fill } from '../../helpers/contracts.ts';
import { change } from '../../helpers/tables.ts';

type Money = Readonly<Record<string, number | string | undefined>>;

const prices: readonly (readonly [what: string, row: Money, expected: number | null])[] = [
  ['the price less the reward', { price: 10_000_000.5, reward: 2_000_000 }, 8_000_000.5],
  ['the price where ESI left out the reward', { price: 5, reward: undefined }, 5],
  ['unknown where ESI left out the price', { price: undefined, reward: 300_000 }, null],
  ['below zero where the issuer pays', { price: 0, reward: 300_000 }, -300_000],
  ['zero where it is free', { price: 0, reward: 0 }, 0],
  ['the highest bid of an auction', { type: 'auction', price: 1, buyout: 1_000 }, 250.25],
  ['the starting price of an auction without bids', { type: 'auction', price: 7, reward: 3, buyout: 9 }, 7],
  ['unknown for an auction without anything', { type: 'auction', price: undefined, buyout: 9 }, null],
  ['unknown for a courier', { type: 'courier', price: 0, reward: 5_000_000 }, null],
  ['unknown for what ESI may add', { type: 'loan', price: 5 }, null],
];

describe.each(backings)('the effective price on $name', (backing) => {
  async function opened() {
    const { store, close, database } = await openTestStore(backing);
    await fill(
      store,
      prices.map(([, row], index) => ({ contract_id: index + 1, row })),
    );
    await close();
    const bids = [90, 250.25, 100].map(
      (amount, index) => `(6, ${index + 1}, ${amount}, '2026-03-01T12:00:00Z', '2026-03-01T12:30:00Z')`,
    );
    await change(
      database,
      `INSERT INTO contract_bids (contract_id, bid_id, amount, date_bid, first_seen_at) VALUES ${bids.join(', ')}`,
    );
    return database;
  }

  it('is what it is by the type of contract, and null where it is not known', async () => {
    const rows = await ask(await opened(), { sort: 'contract_id', fields: ['effective_price'] });
    expect(rows.map(({ effective_price }, index) => [prices[index]?.[0], effective_price])).toEqual(
      prices.map(([what, , expected]) => [what, expected]),
    );
  });

  it('sorts, with what is not known last', async () => {
    const database = await opened();
    const unknown = [3, 8, 9, 10];
    expect(idsOf(await ask(database, { sort: 'effective_price' }))).toEqual([4, 5, 2, 7, 6, 1, ...unknown]);
    const descending = await ask(database, { sort: 'effective_price', descending: true });
    expect(idsOf(descending)).toEqual([1, 6, 7, 2, 5, 4, ...unknown]);
  });

  it('bounds what is found, the bounds included', async () => {
    const database = await opened();
    expect(await keptBy(database, { 'min-effective-price': ['250.25'] })).toEqual([1, 6]);
    expect(await keptBy(database, { 'max-effective-price': ['5'] })).toEqual([2, 4, 5]);
    expect(await keptBy(database, { 'max-effective-price': ['-.3m'] })).toEqual([4]);
    expect(await keptBy(database, { 'min-effective-price': ['-300k'], 'max-effective-price': ['-0'] })).toEqual([4, 5]);
    expect(await keptBy(database, { 'max-effective-price': ['-300001'] })).toEqual([]);
    await expect(keptBy(database, { 'max-price': ['-5'] })).rejects.toThrow('--max-price: "-5" is not an amount');
    await expect(keptBy(database, { 'max-effective-price': ['--5'] })).rejects.toThrow('"--5" is not an amount');
    const empty = keptBy(database, { 'min-effective-price': ['2'], 'max-effective-price': ['1'] });
    await expect(empty).rejects.toThrow('--min-effective-price 2 is above --max-effective-price 1');
  });
});
