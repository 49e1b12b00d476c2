import { describe, expect, it } from 'vitest';
import { ask, askCount, type GivenQuestion } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import type { GivenContract } from '../../helpers/contracts.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { types } from '../../helpers/universe.ts';

const original = { type_id: types.rifterBlueprint };
const copy = { ...original, is_blueprint_copy: true, material_efficiency: 10, time_efficiency: 20, runs: 5 };
const ids = {
  single: 1,
  several: 2,
  original: 3,
  unalike: 4,
  extra: 5,
  barter: 6,
  asked: 7,
  unknownType: 8,
  auction: 9,
  free: 10,
  originalByNumber: 11,
};
const contracts: readonly GivenContract[] = [
  { contract_id: ids.single, row: { price: 1_000_000 }, items: [{ ...copy, quantity: 2 }] },
  { contract_id: ids.several, row: { price: 3_000_000, reward: 0 }, items: [copy, { ...copy, quantity: 3 }, copy] },
  {
    contract_id: ids.original,
    row: { price: 50_000_000 },
    items: [{ ...original, material_efficiency: 10, quantity: 4 }],
  },
  { contract_id: ids.unalike, row: { price: 1_000 }, items: [copy, { ...copy, runs: 300 }] },
  { contract_id: ids.extra, row: { price: 1_000 }, items: [copy, { type_id: types.tritanium }] },
  { contract_id: ids.barter, row: { price: 1_000 }, items: [copy, { type_id: types.tritanium, is_included: false }] },
  { contract_id: ids.asked, row: { price: 0, reward: 9 }, items: [{ ...original, is_included: false }] },
  { contract_id: ids.unknownType, row: { price: 90 }, items: [{ ...copy, type_id: types.unnamed, runs: 9 }] },
  {
    contract_id: ids.auction,
    row: { type: 'auction', price: 700 },
    items: [{ ...copy, runs: 7, material_efficiency: 0 }],
  },
  {
    contract_id: ids.originalByNumber,
    row: { price: 60_000_000 },
    items: [{ ...original, runs: -1, material_efficiency: 10, time_efficiency: 20 }],
  },
  { contract_id: ids.free, row: { price: undefined }, items: [{ ...copy, time_efficiency: 0 }] },
];

describe.each(backings)('query blueprints on $name', (backing) => {
  const market = sharedMarket(backing, contracts);

  async function found(question: GivenQuestion) {
    const { database } = market();
    const fields = ['contract_id', 'runs', 'quantity', 'price_per_run'];
    const rows = await ask(database, { subject: 'blueprints', sort: 'contract_id', fields, ...question });
    return rows.map((row) => Object.values(row));
  }

  it('tells copies from originals, and what a run costs', async () => {
    const { database } = market();
    const rows = await ask(database, {
      subject: 'blueprints',
      filters: { item: ['Rifter Blueprint'] },
      limit: 3,
      sort: 'contract_id',
    });
    const alike = { type_id: types.rifterBlueprint, type_name: 'Rifter Blueprint', is_bundle: false, state: 'listed' };
    const copies = { ...alike, is_blueprint_copy: true, material_efficiency: 10, time_efficiency: 20, runs: 5 };
    expect(rows).toMatchObject([
      { contract_id: ids.single, ...copies, quantity: 2, price_per_unit: 500_000, price_per_run: 100_000 },
      { contract_id: ids.several, ...copies, quantity: 5, price_per_unit: 600_000, price_per_run: 120_000 },
      {
        contract_id: ids.original,
        ...alike,
        is_blueprint_copy: false,
        material_efficiency: 10,
        time_efficiency: null,
        runs: null,
        quantity: 4,
        price_per_unit: 12_500_000,
        price_per_run: null,
      },
    ]);
  });

  it('leaves out what is sold with something else, unless bundles are asked for', async () => {
    expect((await found({})).map(([id]) => id)).toEqual([
      ids.single,
      ids.several,
      ids.original,
      ids.unknownType,
      ids.auction,
      ids.free,
      ids.originalByNumber,
    ]);
    expect(
      await found({ filters: { bundles: [], id: [ids.unalike, ids.extra, ids.barter, ids.asked].map(String) } }),
    ).toEqual([
      [ids.unalike, 5, 1, null],
      [ids.unalike, 300, 1, null],
      [ids.extra, 5, 1, null],
      [ids.barter, 5, 1, null],
    ]);
  });

  it.each<[string, Record<string, string[]>, number[]]>([
    ['a copy', { bpc: [] }, [ids.single, ids.several, ids.unknownType, ids.auction, ids.free]],
    ['an original', { bpo: [] }, [ids.original, ids.originalByNumber]],
    ['an original with runs', { bpo: [], 'max-runs': ['5'] }, []],
    ['few runs', { 'max-runs': ['5'] }, [ids.single, ids.several, ids.free]],
    [
      'the blueprint of a ship, by its name',
      { item: ['rifter'] },
      [ids.single, ids.several, ids.original, ids.auction, ids.free, ids.originalByNumber],
    ],
    [
      'research to the point',
      { me: ['10'], te: ['20'] },
      [ids.single, ids.several, ids.unknownType, ids.originalByNumber],
    ],
    ['no research', { me: ['0'] }, [ids.auction]],
    [
      'research of at least',
      { 'min-me': ['1'] },
      [ids.single, ids.several, ids.original, ids.unknownType, ids.free, ids.originalByNumber],
    ],
    ['runs', { 'min-runs': ['6'], 'max-runs': ['8'] }, [ids.auction]],
    ['what the contract says', { 'max-price': ['1k'] }, [ids.unknownType, ids.auction]],
    ['a type', { item: [String(types.unnamed)] }, [ids.unknownType]],
  ])('can be narrowed to %s', async (_, filters, expected) => {
    const { database } = market();
    expect((await found({ filters })).map(([id]) => id)).toEqual(expected);
    expect(await askCount(database, { subject: 'blueprints', filters })).toBe(expected.length);
  });

  it('knows blueprints only', async () => {
    await expect(found({ filters: { item: ['Tritanium'] } })).rejects.toThrow('blueprint "Tritanium" is unknown');
    await expect(found({ filters: { item: [String(types.rifter)] } })).rejects.toThrow(
      `--item: ${types.rifter} is not a blueprint, it is "Rifter"`,
    );
  });

  it.each(['price-per-run', 'price_per_run'])('sorts by %s, with what has none last', async (sort) => {
    expect(await found({ sort })).toEqual([
      [ids.unknownType, 9, 1, 10],
      [ids.auction, 7, 1, 100],
      [ids.single, 5, 2, 100_000],
      [ids.several, 5, 5, 120_000],
      [ids.original, null, 4, null],
      [ids.free, 5, 1, null],
      [ids.originalByNumber, null, 1, null],
    ]);
  });
});
