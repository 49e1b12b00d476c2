import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { withLinks } from '../../../src/query/engine/links.ts';
import { resolve } from '../../../src/query/engine/resolve.ts';
import { rows as rowsOf } from '../../../src/query/engine/run.ts';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import { loadFormat } from '../../../src/query/format/load.ts';
import { subjects } from '../../../src/query/subjects/subjects.ts';
import { ask, subjectNamed } from '../../helpers/ask.ts';
import { backings, readFrom } from '../../helpers/backings.ts';
import { ids } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { places } from '../../helpers/universe.ts';
import { parseCsv } from '../format/parse-csv.ts';
import { itemColumns } from './expected-columns.ts';

const filters = { id: [String(ids.rifter)] };

describe.each(backings)('--fields on $name', (backing) => {
  const market = sharedMarket(backing);

  it('shows these and no others, in this order', async () => {
    const { database } = market();
    const fields = ['ship_name', 'price', 'contract_id', 'for_corporation'];
    const [row] = await ask(database, { filters, fields });
    expect(Object.entries(row ?? {})).toEqual([
      ['ship_name', 'Rifter'],
      ['price', 8_200_000],
      ['contract_id', ids.rifter],
      ['for_corporation', false],
    ]);
  });

  it('shows the items where they are named among the others', async () => {
    const { database } = market();
    const [row] = await ask(database, { filters, fields: ['title', 'items', 'price'] });
    expect(Object.keys(row ?? {})).toEqual(['title', 'items', 'price']);
    expect(row?.items).toHaveLength(3);
  });

  it('leaves out the key when it is not asked for', async () => {
    const { database } = market();
    expect(await ask(database, { filters, fields: ['type'] })).toEqual([{ type: 'item_exchange' }]);
  });

  it('reaches into the items, whose rows keep their shape', async () => {
    const { database } = market();
    const [row] = await ask(database, { filters, fields: ['items.type_name', 'price', 'items.quantity'] });
    expect(JSON.stringify(row)).toBe(
      '{"items":[{"type_name":"Tritanium","quantity":7},{"type_name":"Rifter","quantity":1},' +
        '{"type_name":"Tritanium","quantity":100}],"price":8200000}',
    );
  });

  it('shows the whole items where a path and the items are named', async () => {
    const { database } = market();
    const [row] = await ask(database, { filters, fields: ['items.type_name', 'items'] });
    expect(Object.keys(row ?? {})).toEqual(['items']);
    const items = row?.items as OutputRow[] | undefined;
    expect(items?.map((item) => Object.keys(item))).toEqual([itemColumns, itemColumns, itemColumns]);
  });

  it('has a column a path in CSV, with the values of all items in it', async () => {
    const { database } = market();
    const fields = ['contract_id', 'items.type_name', 'items.runs'];
    const rows = await ask(database, { filters: { id: [ids.copies, ids.courier].map(String) }, fields, sort: 'type' });
    const format = await loadFormat('csv', { subject: subjectNamed('contracts'), fields, color: false });
    expect(parseCsv(format.begin() + format.rows(rows))).toEqual([
      fields,
      [String(ids.courier), '', ''],
      [String(ids.copies), 'Rifter Blueprint; Rifter Blueprint', '5; '],
    ]);
  });

  it('has a column a path in a table', async () => {
    const { database } = market();
    const fields = ['items.type_name', 'items.quantity'];
    const rows = await ask(database, { filters, fields });
    const format = await loadFormat('table', { subject: subjectNamed('contracts'), fields, color: false });
    expect(format.rows(rows) + format.end()).toBe(
      'items.type_name               items.quantity\nTritanium; Rifter; Tritanium  7; 1; 100\n',
    );
  });

  async function linksOf(name: string, limit: number): Promise<unknown[]> {
    const subject = withLinks(subjectNamed(name));
    const filters = name === 'blueprints' ? { bundles: [] } : {};
    const standards = { filters, sort: 'contract_id', descending: false, offset: 0 };
    return readFrom(market().database, async (reader) => {
      const found: OutputRow[] = [];
      const question = { ...standards, subject, limit, fields: ['contract_id', 'link'] };
      for await (const batch of rowsOf(await resolve(question, reader))) found.push(...batch);
      return found.map(({ link }) => link);
    });
  }

  it.each(subjects.flatMap(({ name, contract }) => (contract === undefined ? [] : [name])))(
    'links to the contracts of %s',
    async (name) => {
      const known = new Set(await linksOf('contracts', 0));
      const links = await linksOf(name, 0);
      expect(links.length).toBeGreaterThan(0);
      // Other subjects begin with other states of contracts.
      if (name !== 'changes') for (const link of links) expect(known).toContain(link);
    },
  );

  it('links to contracts in the game, where the system is known', async () => {
    expect(await linksOf('contracts', 4)).toEqual([
      `<url=contract:${places.jita}//${ids.rifter}>Contract ${ids.rifter}</url>`,
      `<url=contract:${places.jita}//${ids.pair}>Contract ${ids.pair}</url>`,
      `<url=contract:30002187//${ids.fleet}>Contract ${ids.fleet}</url>`,
      null,
    ]);
  });

  it.each([
    ['pric', '"price"'],
    ['PRICE', '"price"'],
    ['ship', '"ship_name"'],
    ['item', '"items"'],
    ['items.type', '"items.type_id"'],
    ['items.', '"items.runs"'],
    ['price.x', '"price"'],
  ])('refuses %s with the nearest', async (field, nearest) => {
    const { database } = market();
    const asked = ask(database, { fields: ['contract_id', field] });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(`--fields: field "${field}" is unknown. Did you mean`);
    await expect(asked).rejects.toThrow(nearest);
  });

  it('refuses an empty name', async () => {
    const { database } = market();
    await expect(ask(database, { fields: [''] })).rejects.toThrow(UsageError);
  });
});
