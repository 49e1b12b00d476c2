import { describe, expect, it } from 'vitest';
import { createRandom } from '../esi/random.ts';
import { ask } from '../helpers/ask.ts';
import { backings } from '../helpers/backings.ts';
import { type GivenContract, inHours } from '../helpers/contracts.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { domain, types } from '../helpers/universe.ts';

const { rifter, tritanium, rifterBlueprint } = types;
/** A type that ESI does not know. */
const nameless = 33;
const of = (type_id: number, quantity = 1) => [{ type_id, quantity }];
const contracts: readonly GivenContract[] = [
  { contract_id: 1, row: { price: 100 }, items: of(rifter) },
  { contract_id: 2, row: { price: 600, reward: 200 }, items: of(rifter, 2) },
  { contract_id: 3, row: { price: 400 }, items: of(rifter) },
  { contract_id: 4, region_id: domain, row: { price: 1_000 }, items: of(rifter) },
  { contract_id: 5, row: { price: 7 }, items: of(rifter), isGone: true },
  { contract_id: 6, row: { price: 8, date_expired: inHours(-1.5) }, items: of(rifter), isGone: true },
  // None of these is the price of a Rifter alone.
  { contract_id: 7, row: { price: 1 }, items: [...of(rifter), ...of(tritanium)] },
  { contract_id: 8, row: { price: 2 }, items: [...of(rifter), { type_id: tritanium, is_included: false }] },
  { contract_id: 9, row: { price: 3, type: 'auction' }, items: of(rifter) },
  { contract_id: 10, row: { price: undefined }, items: of(rifter) },
  { contract_id: 11, row: { price: 0, reward: 4 }, items: [{ type_id: rifter, is_included: false }] },
  { contract_id: 12, row: { price: 5, date_expired: inHours(-0.5) }, items: of(rifter) },
  { contract_id: 13, row: { price: 50 }, items: of(rifterBlueprint) },
  { contract_id: 15, row: { price: 9 }, items: of(nameless) },
  { contract_id: 14, row: { price: 6 }, items: [{ type_id: rifterBlueprint, is_blueprint_copy: true, runs: 3 }] },
];

const statistics = ['contracts', 'minimum', 'lower_quartile', 'median', 'upper_quartile', 'maximum'];

describe.each(backings)('query prices on $name', (backing) => {
  const market = sharedMarket(backing, contracts);

  async function prices(filters: Record<string, string[]>, fields: readonly string[]) {
    const { database } = market();
    const rows = await ask(database, { subject: 'prices', filters, fields });
    return rows.map((row) => Object.values(row));
  }

  it('are those of one unit, listed and gone apart', async () => {
    expect(await prices({ item: ['rifter'] }, ['type_name', 'state', 'quantity', ...statistics])).toEqual([
      ['Rifter', 'listed', 5, 4, 100, 175, 300, 550, 1_000],
      ['Rifter', 'gone', 2, 2, 7, 7.25, 7.5, 7.75, 8],
    ]);
  });

  it('come by region', async () => {
    expect(await prices({ item: ['rifter'], by: ['region'] }, ['state', 'region_name', ...statistics])).toEqual([
      ['listed', 'The Forge', 3, 100, 150, 200, 300, 400],
      ['listed', 'Domain', 1, 1_000, 1_000, 1_000, 1_000, 1_000],
      ['gone', 'The Forge', 2, 7, 7.25, 7.5, 7.75, 8],
    ]);
  });

  it('come by day, that on which they went or today', async () => {
    const { secondSweepAt } = market();
    const [listed, gone] = await prices({ item: ['rifter'], by: ['day'] }, ['state', 'day', 'contracts', 'region_id']);
    expect(listed).toEqual(['listed', expect.stringMatching(/^\d{4}-\d\d-\d\d$/), 4, null]);
    expect(gone).toEqual(['gone', secondSweepAt.slice(0, 10), 2, null]);
    expect(await prices({ item: ['rifter'], by: ['day', 'region'] }, ['contracts'])).toEqual([[3], [1], [2]]);
  });

  it('of what has no name come last', async () => {
    const item = [String(nameless), 'rifter'];
    expect(await prices({ item }, ['type_name', 'state', 'type_id'])).toEqual([
      ['Rifter', 'listed', rifter],
      ['Rifter', 'gone', rifter],
      [null, 'listed', nameless],
    ]);
  });

  it('of copies and originals are told apart', async () => {
    const fields = ['is_blueprint_copy', 'contracts', 'median'];
    expect(await prices({ item: ['Rifter Blueprint'] }, fields)).toEqual([
      [false, 1, 50],
      [true, 1, 6],
    ]);
  });

  it.each<[Record<string, string[]>, unknown[]]>([
    [{ region: ['Domain'] }, [['listed', 1]]],
    [{ outcome: ['expired'] }, [['gone', 1]]],
    [{ state: ['expired'] }, [['expired', 1]]],
    [{ region: ['Domain'], type: ['item_exchange'], direction: ['sell'] }, [['listed', 1]]],
    [{ type: ['auction'] }, []],
    [{ direction: ['buy'] }, []],
    [
      { 'max-price': ['400'] },
      [
        ['listed', 2],
        ['gone', 2],
      ],
    ],
  ])('take the flags of contracts: %j', async (filters, expected) => {
    expect(await prices({ item: ['rifter'], ...filters }, ['state', 'contracts'])).toEqual(expected);
  });

  it('need an item, and a known grouping', async () => {
    await expect(prices({}, ['state'])).rejects.toThrow('query prices needs an item: --item NAME');
    await expect(prices({ item: ['rifter'], by: ['regoin'] }, ['state'])).rejects.toThrow('did you mean "region"');
  });
});

const amounts = (() => {
  const random = createRandom(11);
  return Array.from({ length: 150 }, () => Math.round(random.next() * 1e12) / 100);
})();

/** By the definition that PostgreSQL's percentile_cont and most others use, from sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

describe.each(backings)('quartiles on $name', (backing) => {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 70];
  const typeOf = (size: number) => 1_000 + size;
  let next = 0;
  const market = sharedMarket(
    backing,
    sizes.flatMap((size) =>
      Array.from({ length: size }, (_, index) => {
        next += 1;
        return { contract_id: next, row: { price: amounts[size + index - 1] }, items: of(typeOf(size), 3) };
      }),
    ),
  );

  it.each(sizes)('of %i prices are the same to the last bit as those computed from the rows', async (size) => {
    const { database } = market();
    const sorted = amounts
      .slice(size - 1, 2 * size - 1)
      .map((price) => price / 3)
      .sort((a, b) => a - b);
    const filters = { item: [String(typeOf(size))] };
    const [row] = await ask(database, { subject: 'prices', filters, fields: statistics });
    expect(Object.values(row ?? {})).toEqual([
      size,
      ...[0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share)),
    ]);
  });
});
