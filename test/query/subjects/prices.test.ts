import { describe, expect, it } from 'vitest';
import { createRandom } from '../../fake-esi/random.ts';
import { ask } from '../../helpers/ask.ts';
import { backings, openTestStore } from '../../helpers/backings.ts';
import { fill, type GivenContract, inHours } from '../../helpers/contracts.ts';
import { itemOf, itemRow, listed, sweepOf } from '../../helpers/esi-rows.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { recordAlone, storeListed } from '../../helpers/stored.ts';
import { domain, saveUniverse, types } from '../../helpers/universe.ts';

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

/** What says nothing of a price, beside what does. */
const relisted = 44;
const module = (item_id: number) => [{ type_id: relisted, item_id }];
const seller = { issuer_id: 90000011 };
const rig = rifterBlueprint;
const copies = [
  { type_id: rig, is_blueprint_copy: true, runs: 10, quantity: 2, material_efficiency: 2 },
  { type_id: rig, is_blueprint_copy: true, runs: 5, material_efficiency: 2 },
];
const evidence: readonly GivenContract[] = [
  { contract_id: 101, row: { ...seller, price: 9_000 }, items: module(71), isGone: true },
  { contract_id: 102, row: { ...seller, price: 5_000 }, items: module(71), isGone: true },
  { contract_id: 103, row: { ...seller, price: 2_000 }, items: module(71) },
  { contract_id: 104, row: { price: 2_100 }, items: module(72) },
  // Bought, and sold by another.
  { contract_id: 105, row: { ...seller, price: 1_000 }, items: module(73), isGone: true },
  { contract_id: 106, row: { issuer_id: 90000012, price: 3_000 }, items: module(73) },
  { contract_id: 110, row: { price: 500 }, items: copies },
  { contract_id: 111, row: { price: 7 }, items: [{ ...copies[0], runs: 1, material_efficiency: 10, type_id: rig }] },
  { contract_id: 112, row: { price: 60 }, items: [{ type_id: rig }] },
  {
    contract_id: 113,
    row: { price: 9 },
    items: [{ type_id: rig }, { type_id: rig, is_blueprint_copy: true, runs: 1 }],
  },
  { contract_id: 114, row: { price: 9 }, items: [{ type_id: rig, is_blueprint_copy: true }] },
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

  it('come with the newest day first, which a limit keeps', async () => {
    const rifterAlone = itemOf(itemRow({ item_id: undefined }));
    const { store, close, database } = await openTestStore(backing);
    await storeListed(store, '2026-03-01T12:00:00Z', [listed(1), listed(2)], [rifterAlone]);
    await recordAlone(store, sweepOf('2026-03-02T12:00:00Z', [listed(2)]));
    await recordAlone(store, sweepOf('2026-03-03T12:00:00Z', []));
    await close();
    const filters = { item: [String(rifterAlone.type_id)], by: ['day'] };
    const rows = await ask(database, { subject: 'prices', filters, fields: ['day'] });
    expect(rows).toEqual([{ day: '2026-03-03' }, { day: '2026-03-02' }]);
  });

  it('of what has no name come last', async () => {
    const item = [String(nameless), 'rifter'];
    expect(await prices({ item }, ['type_name', 'state', 'type_id'])).toEqual([
      ['Rifter', 'listed', rifter],
      ['Rifter', 'gone', rifter],
      [null, 'listed', nameless],
    ]);
  });

  it('of copies and originals are separate', async () => {
    const fields = ['is_blueprint_copy', 'priced_per', 'contracts', 'quantity', 'median'];
    expect(await prices({ item: ['Rifter Blueprint'] }, fields)).toEqual([
      [false, 'unit', 1, 1, 50],
      [true, 'run', 1, 3, 2],
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
    await expect(prices({ item: ['rifter'], by: ['regoin'] }, ['state'])).rejects.toThrow('Did you mean "region"');
  });
});

describe.each(backings)('what is evidence of a price, on $name', (backing) => {
  const market = sharedMarket(backing, evidence);

  async function prices(filters: Record<string, string[]>, fields: readonly string[]) {
    const { database } = market();
    const rows = await ask(database, { subject: 'prices', filters, fields });
    return rows.map((row) => Object.values(row));
  }

  it('an item that its issuer listed again counts once, with its last price', async () => {
    const fields = ['state', 'contracts', 'minimum', 'maximum'];
    expect(await prices({ item: [String(relisted)] }, fields)).toEqual([
      ['listed', 3, 2_000, 3_000],
      ['gone', 1, 1_000, 1_000],
    ]);
    // Whatever else is asked: the last price is that of another state.
    expect(await prices({ item: [String(relisted)], state: ['gone'], 'min-price': ['2k'] }, fields)).toEqual([]);
  });

  it('copies are priced for a run, originals for a unit, and a contract with both for neither', async () => {
    const fields = ['is_blueprint_copy', 'priced_per', 'contracts', 'quantity', 'minimum', 'maximum'];
    expect(await prices({ item: [String(rig)] }, fields)).toEqual([
      [false, 'unit', 1, 1, 60, 60],
      [true, 'run', 2, 27, 3.5, 20],
    ]);
  });

  it.each<[Record<string, string[]>, unknown[]]>([
    [{ bpc: [] }, [[true, 2]]],
    [{ bpo: [] }, [[false, 1]]],
    [{ me: ['10'] }, [[true, 1]]],
    [{ 'min-runs': ['5'] }, [[true, 1]]],
    [{ 'min-runs': ['6'] }, []],
    [{ 'max-runs': ['1'], 'min-me': ['3'] }, [[true, 1]]],
  ])('take the flags of blueprints, which all that is offered must fit: %j', async (filters, expected) => {
    const fields = ['is_blueprint_copy', 'contracts'];
    expect(await prices({ item: [String(rig)], ...filters }, fields)).toEqual(expected);
  });
});

describe.each(backings)('an auction, on $name', (backing) => {
  it('that ended with a bid tells what was paid, any other nothing', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    const bids = [{ bid_id: 1, amount: 300, date_bid: inHours(-1.75) }];
    const ended = { type: 'auction', price: 100, date_expired: inHours(-0.5) };
    const running = { type: 'auction', price: 100 };
    await fill(store, [
      { contract_id: 1, row: ended, items: of(rifter, 2), bids },
      { contract_id: 2, row: ended, items: of(rifter) },
      { contract_id: 3, region_id: domain, row: running, items: of(rifter), bids },
    ]);
    await recordAlone(store, sweepOf(inHours(0), []));
    await close();
    const fields = ['state', 'contracts', 'quantity', 'median'];
    const rows = await ask(database, { subject: 'prices', filters: { item: ['Rifter'], state: ['all'] }, fields });
    expect(rows).toEqual([{ state: 'gone', contracts: 1, quantity: 2, median: 150 }]);
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
