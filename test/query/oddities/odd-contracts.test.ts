import { describe, expect, it } from 'vitest';
import { loadFormat } from '../../../src/query/format/load.ts';
import { ask, askAll, askBatches, askCount, idsOf, subjectNamed } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import type { GivenContract } from '../../helpers/contracts.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { types } from '../../helpers/universe.ts';

/** Every third contract is odd. */
const isOdd = (id: number) => id % 3 === 0;
const contracts: readonly GivenContract[] = Array.from({ length: 1_100 }, (_, index) => ({
  contract_id: index + 1,
  row: { title: isOdd(index + 1) ? '10x Rifter' : 'Rifter', price: index % 5 },
  items: [{ type_id: types.rifter }],
}));
const honest = contracts.map(({ contract_id }) => contract_id).filter((id) => !isOdd(id));
const filters = { 'no-flagged': [] };
const sort = 'contract_id';

describe.each(backings)('flags on $name', (backing) => {
  const market = sharedMarket(backing, contracts);
  const oddities = sharedMarket(backing, [
    {
      contract_id: 1,
      row: { title: 'WTS Caracal', price: 0 },
      items: [{ type_id: 34 }, { type_id: 34, is_included: false }],
    },
    { contract_id: 2, row: { title: 'Caracal' }, items: [{ type_id: types.rifterBlueprint }] },
    { contract_id: 3, row: { title: 'Caracal' }, items: [{ type_id: types.unnamed }] },
    { contract_id: 4, row: { title: 'Caracal' }, items: [{ type_id: types.caracal }] },
    { contract_id: 5, row: { type: 'courier', title: 'Caracal' } },
    { contract_id: 6 },
    { contract_id: 7, row: { title: '10x rifter blueprint' }, items: [{ type_id: types.rifter }] },
    { contract_id: 8, row: { title: 'x10 Rifter' }, items: [{ type_id: types.rifter }] },
  ]);

  it('come as a list with --flags', async () => {
    const { database } = oddities();
    expect(await ask(database, { fields: ['contract_id', 'flags'], sort })).toEqual([
      {
        contract_id: 1,
        flags: [
          'same_type_both_ways',
          'title_sells_but_asks_for_items',
          'price_zero_but_asks_for_items',
          'ship_in_title_but_none_inside',
        ],
      },
      { contract_id: 2, flags: ['ship_in_title_but_none_inside'] },
      ...[3, 4, 5, 6, 7].map((contract_id) => ({ contract_id, flags: [] })),
      { contract_id: 8, flags: ['title_promises_more'] },
    ]);
  });

  it('leave out contracts with --no-flagged', async () => {
    const { database } = oddities();
    expect(idsOf(await ask(database, { filters, sort }))).toEqual([3, 4, 5, 6, 7]);
    expect(idsOf(await ask(database, { filters: { ...filters, ship: ['Caracal'] } }))).toEqual([4]);
    expect(await askCount(database, { filters })).toBe(5);
  });

  it('are those of the contract where rows are items or blueprints', async () => {
    const { database } = oddities();
    const subject = 'items';
    const question = { subject, sort, filters: { item: ['Rifter'] } };
    expect(await ask(database, { ...question, fields: ['contract_id', 'flags'] })).toEqual([
      { contract_id: 7, flags: [] },
      { contract_id: 8, flags: ['title_promises_more'] },
    ]);
    expect(idsOf(await ask(database, { ...question, filters: { ...question.filters, ...filters } }))).toEqual([7]);
    const blueprints = { subject: 'blueprints', fields: ['contract_id', 'flags'] };
    expect(await ask(database, blueprints)).toEqual([{ contract_id: 2, flags: ['ship_in_title_but_none_inside'] }]);
    expect(await ask(database, { ...blueprints, filters })).toEqual([]);
    expect(await askCount(database, { subject, filters })).toBe((await askCount(database, { subject })) - 4);
  });

  it('leave pages as long as asked for, disjoint, and the whole in sum', async () => {
    const { database } = market();
    await askAll(database, async (ask) => {
      expect(idsOf(await ask({ filters, sort }))).toEqual(honest);
      for (const [offset, limit] of [
        [0, 10],
        [5, 400],
        [300, 0],
        [330, 20],
        [733, 5],
        [734, 5],
        [2_000, 5],
      ] as const) {
        const end = limit === 0 ? undefined : offset + limit;
        expect(idsOf(await ask({ filters, sort, offset, limit })), `${offset}, ${limit}`).toEqual(
          honest.slice(offset, end),
        );
      }
    });
  });

  it('leave no more to read than the page takes', async () => {
    const { database } = market();
    const batches = await askBatches(database, { filters, sort, limit: 10 });
    expect(batches.flat()).toHaveLength(10);
    // Of one row, of eight, and of as many as are left to take.
    expect(batches.length).toBeLessThanOrEqual(3);
    expect(await askCount(database, { filters, limit: 3 })).toBe(honest.length);
  });

  it('are no field to sort by', async () => {
    const { database } = oddities();
    await expect(ask(database, { sort: 'flags' })).rejects.toThrow('field "flags" is unknown');
  });
});

describe('lists of texts', () => {
  const fields = ['contract_id', 'flags'];
  const options = { subject: subjectNamed('contracts'), fields, color: false };
  const batch = [
    { contract_id: 1, flags: ['first', '=second'] },
    { contract_id: 2, flags: [] },
  ];

  it.each([
    ['csv', 'contract_id,flags\r\n1,"first; =second"\r\n2,\r\n'],
    ['table', 'contract_id  flags\n          1  first; =second\n          2\n'],
    ['ndjson', '{"contract_id":1,"flags":["first","=second"]}\n{"contract_id":2,"flags":[]}\n'],
  ] as const)('are joined where the format has no lists: %s', async (name, expected) => {
    const format = await loadFormat(name, options);
    expect(format.begin() + format.rows(batch) + format.end()).toBe(expected);
  });
});
