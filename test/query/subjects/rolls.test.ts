import { describe, expect, it } from 'vitest';
import { noStaticRows } from '../../../src/eve/static-data.ts';
import { resolve } from '../../../src/query/engine/resolve.ts';
import { ask, questionOf } from '../../helpers/ask.ts';
import { type Backing, backings, openTestStore, readFrom } from '../../helpers/backings.ts';
import { fill, inHours } from '../../helpers/contracts.ts';

const [module, source, mutator] = [47_702, 527, 47_701] as const;
const [cpu, range, drain, odd] = [50, 54, 6, 70] as const;

const type = (type_id: number, name: string) => ({
  ...{ type_id, name, group_id: 65, market_group_id: null, meta_group_id: null, published: true, volume: 5 },
  ...{ packaged_volume: 5, is_dynamic: type_id === module },
});
const attribute = (attribute_id: number, name: string, high_is_good: boolean) => ({
  ...{ attribute_id, name, display_name: null, unit_name: null, high_is_good },
});
const span = (attribute_id: number, min: number, max: number, high_is_good: boolean | null = null) => ({
  ...{ mutator_type_id: mutator, attribute_id, min, max, high_is_good },
});

const data = {
  build: 1,
  released_at: '2026-03-01T12:00:00Z',
  rows: {
    ...noStaticRows(),
    types: [
      type(module, 'Abyssal Stasis Webifier'),
      type(source, 'Stasis Webifier II'),
      type(mutator, 'Gravid Mutaplasmid'),
    ],
    dogma_attributes: [
      attribute(cpu, 'cpu', false),
      attribute(range, 'maxRange', true),
      attribute(drain, 'capacitorNeed', false),
      attribute(odd, 'odd', true),
    ],
    mutations: [{ mutator_type_id: mutator, source_type_id: source, type_id: module }],
    // A source's value may be negative, and a range may override the better end.
    mutation_ranges: [span(cpu, 0.8, 1.2), span(range, 0.9, 1.4), span(drain, 0.5, 1.5), span(odd, 0.5, 1.5, false)],
    type_attributes: [
      { type_id: source, attribute_id: cpu, value: 20 },
      { type_id: source, attribute_id: range, value: 10_000 },
      { type_id: source, attribute_id: drain, value: -10 },
      { type_id: source, attribute_id: odd, value: 100 },
    ],
  },
};

async function openRolls(backing: Backing, { hasStaticData = true } = {}) {
  const { store, database, close } = await openTestStore(backing);
  if (hasStaticData) await store.saveStaticData(data, inHours(-1));
  const offers = [1, 2, 3].map((contract_id) => ({
    contract_id,
    row: { price: contract_id * 1_000_000 },
    items: [{ type_id: module, item_id: 1_000_000_000_000 + contract_id }],
  }));
  await fill(store, offers);
  await store.enterRolls();
  const roll = (id: number, values: Readonly<Record<number, number>>) =>
    store.saveRoll({
      item_id: 1_000_000_000_000 + id,
      source_type_id: source,
      mutator_type_id: mutator,
      created_by: 90_000_001,
      fetched_at: inHours(0),
      attributes: Object.entries(values).map(([id, value]) => ({ attribute_id: Number(id), value })),
    });
  await roll(1, { [cpu]: 16, [range]: 14_000, [drain]: -15, [odd]: 50 });
  await roll(2, { [cpu]: 24, [range]: 9_000, [drain]: -5, [odd]: 150 });
  // A little outside of the range, as rounding makes it, and without one of the attributes.
  await roll(3, { [cpu]: 22, [range]: 14_000.01, [drain]: -10 });
  await close();
  return database;
}

describe.each(backings)('rolls, on $name', (backing) => {
  it('show each attribute, and where it lies in its range', async () => {
    const rows = await ask(await openRolls(backing), { subject: 'rolls', sort: 'contract_id' });
    expect(rows).toMatchObject([
      {
        contract_id: 1,
        type_name: 'Abyssal Stasis Webifier',
        source_type_name: 'Stasis Webifier II',
        mutator_name: 'Gravid Mutaplasmid',
        price: 1_000_000,
        'attr.cpu': 16,
        'quality.cpu': 100,
        'attr.maxRange': 14_000,
        'quality.maxRange': 100,
        'attr.capacitorNeed': -15,
        'quality.capacitorNeed': 100,
        'quality.odd': 100,
      },
      { contract_id: 2, 'quality.cpu': 0, 'quality.maxRange': 0, 'quality.capacitorNeed': 0, 'quality.odd': 0 },
      { contract_id: 3, 'quality.maxRange': 100, 'quality.capacitorNeed': 50, 'attr.odd': null, 'quality.odd': null },
    ]);
    expect(rows[2]?.['quality.cpu']).toBeCloseTo(25, 9);
  });

  it.each([
    [{ attr: ['maxRange>=14000'] }, [1, 3]],
    [{ attr: ['maxRange >= 14000', 'cpu<=16'] }, [1]],
    [{ quality: ['MAXRANGE>=80', 'cpu>=20'] }, [1, 3]],
    [{ quality: ['cpu<1'] }, [2]],
    [{ attr: ['capacitorNeed=-10'] }, [3]],
    [{ mutator: ['Gravid Mutaplasmid'], source: ['527'], item: ['47702'] }, [1, 2, 3]],
    [{ source: ['47701'] }, []],
    [{ 'max-price': ['2m'] }, [1, 2]],
  ])('are filtered by %j', async (filters, expected) => {
    const rows = await ask(await openRolls(backing), { subject: 'rolls', filters, sort: 'contract_id' });
    expect(rows.map(({ contract_id }) => contract_id)).toEqual(expected);
  });

  it('are sorted by an attribute, and show those that are named', async () => {
    const database = await openRolls(backing);
    const fields = ['contract_id', 'attr.cpu'];
    expect(await ask(database, { subject: 'rolls', fields, sort: 'attr.cpu' })).toEqual([
      { contract_id: 1, 'attr.cpu': 16 },
      { contract_id: 3, 'attr.cpu': 22 },
      { contract_id: 2, 'attr.cpu': 24 },
    ]);
  });

  it('are shown with their items', async () => {
    const database = await openRolls(backing);
    const fields = ['items.type_name', 'items.roll'];
    const [row] = await ask(database, { filters: { id: ['1'] }, fields });
    const roll = {
      source_type_id: source,
      source_type_name: 'Stasis Webifier II',
      mutator_type_id: mutator,
      mutator_name: 'Gravid Mutaplasmid',
      attributes: { cpu: 16, maxRange: 14_000, capacitorNeed: -15, odd: 50 },
    };
    expect(row?.items).toEqual([{ type_name: 'Abyssal Stasis Webifier', roll }]);
    const [item] = await ask(database, { subject: 'items', filters: { id: ['1'] }, fields: ['roll'] });
    expect(item).toEqual({ roll });
  });

  it.each([
    [{ attr: ['maxRang>=1'] }, /--attr: attribute "maxRang" is unknown. Did you mean "?maxRange/],
    [{ quality: ['cpu'] }, /--quality: "cpu" is not a bound; for example --quality "maxRange>=80"/],
    [{ attr: ['cpu>=much'] }, /--attr: "much" is not an amount/],
  ])('refuse %j', async (filters, message) => {
    await expect(ask(await openRolls(backing), { subject: 'rolls', filters })).rejects.toThrow(message);
  });

  it.each([
    [{ attr: ['maxRange>=1'] }, '--attr: attribute "maxRange" is unknown'],
    [{ quality: ['maxRange>=80'] }, '--quality: attribute "maxRange" is unknown'],
  ])('without static data, refuse %j and name the cause', async (filters, beginning) => {
    const database = await openRolls(backing, { hasStaticData: false });
    await expect(ask(database, { subject: 'rolls', filters })).rejects.toThrow(
      `${beginning} without static data. Known ids: 6, 50, 54, 70. Run: hangarbay import sde`,
    );
  });

  it('without static data, say that the quality of an attribute is unknown', async () => {
    const database = await openRolls(backing, { hasStaticData: false });
    const answered = (filters: Record<string, string[]>) =>
      readFrom(database, async (reader) => (await resolve(questionOf({ subject: 'rolls', filters }), reader)).notices);
    expect(await answered({ attr: ['50>=22'] })).toEqual([]);
    expect(await answered({ quality: ['50>=80'] })).toEqual([
      '--quality: no ranges are known without static data. Run: hangarbay import sde',
    ]);
  });

  it('before the first roll, refuse an attribute without static data', async () => {
    const { database, close } = await openTestStore(backing);
    await close();
    await expect(ask(database, { subject: 'rolls', filters: { attr: ['maxRange>=1'] } })).rejects.toThrow(
      /^--attr: attribute "maxRange" is unknown without static data. Run: hangarbay import sde$/,
    );
  });
});
