import { describe, expect, it } from 'vitest';
import { ask } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import type { GivenContract } from '../../helpers/contracts.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { domain, types } from '../../helpers/universe.ts';

const { rifter, caracal, ibis, tritanium } = types;
const asked = { is_included: false };
const contracts: readonly GivenContract[] = [
  { contract_id: 1, row: { price: 300_000 }, items: [{ type_id: rifter }] },
  {
    contract_id: 2,
    row: { price: 1_000_000, reward: 100_000 },
    items: [{ type_id: rifter }, { type_id: rifter, quantity: 3 }],
  },
  { contract_id: 3, region_id: domain, row: { price: 400_000.5 }, items: [{ type_id: rifter }] },
  { contract_id: 4, row: { price: undefined }, items: [{ type_id: rifter }] },
  // Not the price of a ship alone.
  { contract_id: 5, row: { price: 1 }, items: [{ type_id: rifter }, { type_id: tritanium }] },
  { contract_id: 6, row: { price: 2 }, items: [{ type_id: rifter }, { type_id: caracal }] },
  { contract_id: 7, row: { price: 3 }, items: [{ type_id: rifter }, { type_id: tritanium, ...asked }] },
  { contract_id: 8, row: { type: 'auction', price: 4 }, items: [{ type_id: rifter }] },
  { contract_id: 9, row: { price: 5, reward: 6 }, items: [{ type_id: rifter, ...asked }] },
  { contract_id: 10, row: { price: 6 }, items: [{ type_id: rifter }], isGone: true },
  { contract_id: 11, row: { type: 'auction', price: 7 }, items: [{ type_id: ibis }] },
  { contract_id: 12, row: { price: 7 }, items: [{ type_id: tritanium }] },
  // Prices of types that ESI may add have an unknown meaning; imports may contain their items.
  { contract_id: 13, row: { type: 'loan', price: 8 }, items: [{ type_id: rifter }] },
];

describe.each(backings)('query ships on $name', (backing) => {
  const market = sharedMarket(backing, contracts);

  it('has a row for each type of ship that is listed, single ships apart from bundles', async () => {
    const { database } = market();
    expect(await ask(database, { subject: 'ships' })).toEqual([
      {
        type_id: caracal,
        ship_name: 'Caracal',
        group_id: 26,
        group_name: 'Cruiser',
        contracts: 0,
        auctions: 0,
        bundles: 1,
        cheapest: null,
        cheapest_contract_id: null,
        median: null,
        regions: ['The Forge'],
      },
      {
        type_id: ibis,
        ship_name: 'Ibis',
        group_id: 237,
        group_name: 'Corvette',
        contracts: 0,
        auctions: 1,
        bundles: 0,
        cheapest: null,
        cheapest_contract_id: null,
        median: null,
        regions: ['The Forge'],
      },
      {
        type_id: rifter,
        ship_name: 'Rifter',
        group_id: 25,
        group_name: 'Frigate',
        contracts: 4,
        auctions: 1,
        bundles: 3,
        cheapest: 225_000,
        cheapest_contract_id: 2,
        median: 300_000,
        regions: ['Domain', 'The Forge'],
      },
    ]);
  });

  it.each<[Record<string, string[]>, unknown[]]>([
    [{ ship: ['rifter'] }, [['Rifter', 4, 225_000]]],
    [{ group: ['Cruiser'] }, [['Caracal', 0, null]]],
    [{ 'market-group': ['Ships'] }, [['Rifter', 4, 225_000]]],
    [{ region: ['Domain'] }, [['Rifter', 1, 400_000.5]]],
    [{ 'min-price': ['300k'] }, [['Rifter', 3, 225_000]]],
    [{ state: ['gone'] }, [['Rifter', 1, 6]]],
  ])('%j', async (filters, expected) => {
    const { database } = market();
    const rows = await ask(database, { subject: 'ships', filters, fields: ['ship_name', 'contracts', 'cheapest'] });
    expect(rows.map((row) => Object.values(row))).toEqual(expected);
  });

  it('sorts and pages', async () => {
    const { database } = market();
    const names = async (given: object) =>
      (await ask(database, { subject: 'ships', fields: ['ship_name'], ...given })).map(({ ship_name }) => ship_name);
    expect(await names({ sort: 'cheapest' })).toEqual(['Rifter', 'Ibis', 'Caracal']);
    expect(await names({ sort: 'bundles', descending: true, limit: 1, offset: 1 })).toEqual(['Caracal']);
  });
});
