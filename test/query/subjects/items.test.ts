import { describe, expect, it } from 'vitest';
import { ask } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { ids, openFilled } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { types } from '../../helpers/universe.ts';

const fields = ['contract_id', 'items'];

async function itemsOf(database: Parameters<typeof ask>[0], id: number): Promise<Record<string, unknown>[]> {
  const [row] = await ask(database, { filters: { id: [String(id)] }, fields });
  return row?.items as Record<string, unknown>[];
}

describe.each(backings)('--items on $name', (backing) => {
  const market = sharedMarket(backing);

  it('all items come, ordered by record, two stacks of a type as two rows', async () => {
    const { database } = market();
    const items = await itemsOf(database, ids.rifter);
    expect(items.map(({ record_id, type_name, quantity }) => [record_id, type_name, quantity])).toEqual([
      [10, 'Tritanium', 7],
      [20, 'Rifter', 1],
      [30, 'Tritanium', 100],
    ]);
  });

  it('an item tells what ESI said and what its type is', async () => {
    const { database } = market();
    const [copy, original] = await itemsOf(database, ids.copies);
    const blueprint = {
      type_id: types.rifterBlueprint,
      type_name: 'Rifter Blueprint',
      group_id: 105,
      group_name: 'Frigate Blueprint',
      category_id: 9,
      category_name: 'Blueprint',
      market_group_id: 264,
      quantity: 1,
      is_included: true,
      item_id: null,
    };
    expect(copy).toEqual({
      record_id: 1,
      ...blueprint,
      is_blueprint_copy: true,
      material_efficiency: 10,
      time_efficiency: 20,
      runs: 5,
      roll: null,
      average_price: null,
    });
    expect(original).toEqual({
      record_id: 2,
      ...blueprint,
      is_blueprint_copy: false,
      material_efficiency: 0,
      time_efficiency: 0,
      runs: null,
      roll: null,
      average_price: null,
    });
  });

  it('items that are asked for come too, and say so', async () => {
    const { database } = market();
    const items = await itemsOf(database, ids.barter);
    expect(items.map(({ type_name, is_included }) => [type_name, is_included])).toEqual([
      ['Tritanium', true],
      ['Caracal', false],
    ]);
  });

  it('a filter on items leaves a contract whole', async () => {
    const { database } = market();
    const [row] = await ask(database, { filters: { ship: ['Caracal'] }, fields });
    expect(row?.items).toMatchObject([{ type_name: 'Caracal' }, { type_name: 'Rifter', quantity: 3 }]);
  });

  it('an item of an unknown type comes with nulls', async () => {
    const { database } = market();
    const unknown = { type_name: null, group_id: null, group_name: null, category_id: null, category_name: null };
    expect(await itemsOf(database, ids.unnamed)).toMatchObject([
      { type_id: types.unnamed, ...unknown, market_group_id: null },
    ]);
  });

  it('a contract without items has an empty list', async () => {
    const { database } = market();
    expect(await itemsOf(database, ids.courier)).toEqual([]);
  });

  it('a record_id that two contracts share stays with each', async () => {
    const { database } = await openFilled(backing, [
      { contract_id: 1, items: [{ type_id: types.rifter, record_id: 5 }] },
      { contract_id: 2, items: [{ type_id: types.ibis, record_id: 5 }] },
    ]);
    expect(await itemsOf(database, 1)).toMatchObject([{ record_id: 5, type_name: 'Rifter' }]);
    expect(await itemsOf(database, 2)).toMatchObject([{ record_id: 5, type_name: 'Ibis' }]);
  });

  it('a contract with more items than are read at once keeps them all', async () => {
    const items = Array.from({ length: 1_001 }, (_, index) => ({ type_id: types.tritanium, record_id: 1_001 - index }));
    const { database } = await openFilled(backing, [
      { contract_id: 1, items },
      { contract_id: 2, items: [{ type_id: types.rifter }] },
    ]);
    const found = await itemsOf(database, 1);
    expect(found.map(({ record_id }) => record_id)).toEqual(items.map((_, index) => index + 1));
    expect(await itemsOf(database, 2)).toHaveLength(1);
    const counts = await ask(database, { fields: ['item_count'], sort: 'contract_id' });
    expect(counts).toEqual([{ item_count: 1_001 }, { item_count: 1 }]);
  });
});
