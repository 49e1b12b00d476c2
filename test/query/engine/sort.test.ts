import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import { ask, askAll, idsOf } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { inHours } from '../../helpers/contracts.ts';
import { openFilled } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { contractColumns } from './expected-columns.ts';

const filters = { state: ['all'] };

/** The order of the databases: numbers by value, false before true, texts by their bytes. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

/** Ids in the order that is due: nulls last, ties by contract. */
function ordered(rows: readonly OutputRow[], field: string, direction: 1 | -1): number[] {
  const sorted = rows.toSorted((left, right) => {
    const [a, b] = [left[field], right[field]];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || compareIds(left, right);
    return direction * compare(a, b) || compareIds(left, right);
  });
  return idsOf(sorted);
}

function compareIds(left: OutputRow, right: OutputRow): number {
  return Number(left.contract_id) - Number(right.contract_id);
}

describe.each(backings)('--sort on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(contractColumns)('%s sorts both ways, nulls last, ties by contract', async (sort) => {
    const { database } = market();
    await askAll(database, async (ask) => {
      const rows = await ask({ filters });
      expect(rows).toHaveLength(13);
      expect(idsOf(await ask({ filters, sort }))).toEqual(ordered(rows, sort, 1));
      expect(idsOf(await ask({ filters, sort, descending: true }))).toEqual(ordered(rows, sort, -1));
    });
  });

  it('nulls are last and ties go by contract, said in full', async () => {
    const prices = { 5: 100, 4: undefined, 3: 100, 2: 300, 1: undefined };
    const given = Object.entries(prices).map(([id, price]) => ({ contract_id: Number(id), row: { price } }));
    const { database } = await openFilled(backing, given);
    expect(idsOf(await ask(database, { sort: 'price' }))).toEqual([3, 5, 2, 1, 4]);
    expect(idsOf(await ask(database, { sort: 'price', descending: true }))).toEqual([2, 3, 5, 1, 4]);
  });

  it('texts are sorted by their characters, not by a language', async () => {
    const titles = ['a', 'B', 'Z', 'z', 'ä', 'Ä', '_', '1', '10', '2', ' x', '🚀', '\uFF5E'];
    const given = titles.map((title, index) => ({ contract_id: index + 1, row: { title } }));
    const { database } = await openFilled(backing, given);
    const found = await ask(database, { sort: 'title', fields: ['title'] });
    expect(found.map(({ title }) => title)).toEqual(titles.toSorted(compare));
  });

  it('without it the newest issued come first, ties by contract', async () => {
    const issued = { 1: -5, 2: -1, 3: -9, 4: -1 };
    const given = Object.entries(issued).map(([id, hours]) => ({
      contract_id: Number(id),
      row: { date_issued: inHours(hours) },
    }));
    const { database } = await openFilled(backing, given);
    expect(idsOf(await ask(database))).toEqual([2, 4, 1, 3]);
  });

  it('a field that is not shown may be sorted by', async () => {
    const { database } = market();
    const rows = await ask(database, { sort: 'price', descending: true, limit: 1, fields: ['title'] });
    expect(rows).toEqual([{ title: 'ÄÖ Erz' }]);
  });

  it('--desc without a field to sort by is refused', async () => {
    const { database } = market();
    await expect(ask(database, { descending: true })).rejects.toThrow(/--desc needs --sort/);
  });

  it('an unknown field is refused with the nearest and all that are known', async () => {
    const { database } = market();
    const asked = ask(database, { sort: 'pric' });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(/--sort: field "pric" is unknown. Did you mean "price"/);
    await expect(asked).rejects.toThrow(contractColumns.join(', '));
    await expect(ask(database, { sort: '-pric' })).rejects.toThrow('--sort: field "-pric" is unknown');
    await expect(ask(database, { sort: '-price', fields: ['price'] })).rejects.toThrow(
      /^--sort: field "-price" is unknown\. For a descending order: --sort price --desc$/,
    );
    await expect(ask(database, { sort: 'items' })).rejects.toThrow('field "items" is unknown');
  });

  it('the list of known fields is a separate sentence, with or without a suggestion before it', async () => {
    const { database } = market();
    await expect(ask(database, { sort: 'pric' })).rejects.toThrow(/[?.] Fields: /);
    await expect(ask(database, { sort: 'xyzzyplugh' })).rejects.toThrow(/[?.] Fields: /);
  });
});
