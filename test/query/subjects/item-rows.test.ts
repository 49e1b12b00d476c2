import { describe, expect, it } from 'vitest';
import { ask, type GivenQuestion } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { ids } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { theForge, types } from '../../helpers/universe.ts';
import { itemColumns } from '../engine/expected-columns.ts';

describe.each(backings)('query items on $name', (backing) => {
  const market = sharedMarket(backing);

  async function rowsOf(question: GivenQuestion) {
    const { database } = market();
    const rows = await ask(database, { subject: 'items', sort: 'contract_id', ...question });
    return rows.map(({ contract_id, record_id }) => [contract_id, record_id]);
  }

  it('has a row an item, with what matters of its contract', async () => {
    const { database } = market();
    const [row] = await ask(database, { subject: 'items', filters: { ship: ['Caracal'] } });
    expect(Object.keys(row ?? {}).slice(0, 1 + itemColumns.length)).toEqual(['contract_id', ...itemColumns]);
    const [first] = await ask(database, { subject: 'items', filters: { id: [String(ids.rifter)] } });
    expect(first).toMatchObject({
      contract_id: ids.rifter,
      record_id: 10,
      type_id: types.tritanium,
      type_name: 'Tritanium',
      quantity: 7,
      is_included: true,
      price: 8_200_000,
      effective_price: 8_200_000,
      type: 'item_exchange',
      direction: 'sell',
      title: 'Rifter, fitted',
      region_id: theForge,
      region_name: 'The Forge',
      system_name: 'Jita',
      state: 'listed',
    });
  });

  it.each<[string, Record<string, string[]>, (readonly [number, number])[]]>([
    ['--ship keeps the rows of that ship', { ship: ['Caracal'] }, [[ids.fleet, 1]]],
    ['--item keeps the rows of that type', { item: ['Ibis'] }, [[ids.auction, 1]]],
    ['--group does so too', { group: ['Cruiser'] }, [[ids.fleet, 1]]],
    ['--bpc keeps copies', { bpc: [] }, [[ids.copies, 1]]],
    ['--bpo keeps originals', { bpo: [] }, [[ids.copies, 2]]],
    [
      '--min-quantity and --max-quantity bound the row',
      { item: ['Tritanium'], 'min-quantity': ['100'], 'max-quantity': ['500'] },
      [
        [ids.rifter, 30],
        [ids.barter, 1],
      ],
    ],
    [
      'both sides are rows without a filter of the item',
      { id: [String(ids.barter)], 'min-quantity': ['1'] },
      [
        [ids.barter, 1],
        [ids.barter, 2],
      ],
    ],
    [
      '--asked-for keeps what is asked for',
      { 'asked-for': [] },
      [
        [ids.wanted, 1],
        [ids.barter, 2],
      ],
    ],
    ['the flags of an item then speak of that', { 'asked-for': [], item: ['Caracal'] }, [[ids.barter, 2]]],
    ['ranges are those of the row', { 'min-me': ['10'] }, [[ids.copies, 1]]],
    [
      '--wants keeps contracts that ask for it',
      { wants: ['Caracal'] },
      [
        [ids.barter, 1],
        [ids.barter, 2],
      ],
    ],
    [
      'what is gone is found where it is asked for',
      { item: ['Rifter'], state: ['gone'] },
      [
        [ids.gone, 1],
        [ids.goneExpired, 1],
      ],
    ],
  ])('%s', async (_, filters, expected) => {
    expect(await rowsOf({ filters })).toEqual(expected);
  });

  it('--ships are the rows of the category', async () => {
    const ships = await rowsOf({ filters: { ships: [] } });
    expect(ships.length).toBeGreaterThan(0);
    expect(ships).toEqual(await rowsOf({ filters: { category: ['Ship'] } }));
  });

  it('pages are disjoint and make up the whole', async () => {
    const whole = await rowsOf({ sort: 'type_name' });
    expect(whole).toHaveLength(16);
    const pages = [];
    for (const offset of [0, 5, 10, 15]) pages.push(...(await rowsOf({ sort: 'type_name', limit: 5, offset })));
    expect(pages).toEqual(whole);
  });
});
