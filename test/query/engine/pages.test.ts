import { describe, expect, it } from 'vitest';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import { ask, askAll, askBatches, askCount, idsOf } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import type { GivenContract } from '../../helpers/contracts.ts';
import { ids, listed, openFilled } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { types } from '../../helpers/universe.ts';

/** Few prices and issue dates for many contracts, so that most of the order is ties; each has several fitting items. */
function many(count: number): GivenContract[] {
  return Array.from({ length: count }, (_, index) => ({
    contract_id: index + 1,
    row: { price: index % 3 },
    items: [{ type_id: types.rifter }, { type_id: types.rifter }],
  }));
}

describe.each(backings)('pages of an answer on $name', (backing) => {
  const market = sharedMarket(backing);
  const few = sharedMarket(backing, many(25));

  it('are disjoint and make up the whole, where rows are equal in the order too', async () => {
    const { database } = few();
    const ships = { ship: ['Rifter'] };
    for (const order of [{}, { sort: 'price' }, { sort: 'price', descending: true }, { sort: 'ship_name' }]) {
      const whole = idsOf(await ask(database, order));
      const pages = await askAll(database, async (ask) => {
        const found: OutputRow[][] = [];
        for (const offset of [0, 7, 14, 21, 28]) found.push(await ask({ ...order, limit: 7, offset, filters: ships }));
        return found;
      });
      expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 4, 0]);
      expect(pages.flatMap(idsOf)).toEqual(whole);
      expect(new Set(whole).size).toBe(25);
    }
  });

  it('without a limit the offset leaves out rows all the same', async () => {
    const { database } = few();
    const rows = await ask(database, { sort: 'contract_id', limit: 0, offset: 20 });
    expect(idsOf(rows)).toEqual([21, 22, 23, 24, 25]);
  });

  it('more rows than are read at once stay whole and in order', async () => {
    const { database } = await openFilled(backing, many(1_020));
    const batches = await askBatches(database, { sort: 'contract_id', fields: ['contract_id', 'items'] });
    expect(batches.length).toBeGreaterThan(1);
    const rows = batches.flat();
    expect(idsOf(rows)).toEqual(Array.from({ length: 1_020 }, (_, index) => index + 1));
    expect(rows.every(({ items }) => Array.isArray(items) && items.length === 2)).toBe(true);
    const page = await ask(database, { sort: 'contract_id', limit: 550, offset: 450 });
    expect(idsOf(page)).toEqual(Array.from({ length: 550 }, (_, index) => index + 451));
  });

  it('the count knows no limit and no offset', async () => {
    const { database } = market();
    expect(await askCount(database, { limit: 2, offset: 5 })).toBe(listed.length);
    expect(await askCount(database, { filters: { state: ['all'] }, limit: 1 })).toBe(Object.keys(ids).length);
  });

  it('the count is the number of rows, whatever the filters', async () => {
    const { database } = market();
    for (const filters of [
      { ship: ['Rifter'] },
      { item: ['Rifter', 'Tritanium'] },
      { ships: [] },
      { region: ['Domain'], 'min-price': ['1m'] },
      { title: ['nothing like it'] },
      { state: ['gone'] },
    ]) {
      expect(await askCount(database, { filters })).toBe((await ask(database, { filters })).length);
    }
  });

  it('the count refuses what the rows refuse', async () => {
    const { database } = market();
    await expect(askCount(database, { filters: { ship: ['Riftr'] } })).rejects.toThrow('ship "Riftr" is unknown');
    await expect(askCount(database, { sort: 'pric' })).rejects.toThrow('field "pric" is unknown');
  });
});
