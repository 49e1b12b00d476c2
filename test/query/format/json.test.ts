import { describe, expect, it } from 'vitest';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import { loadFormat } from '../../../src/query/format/load.ts';
import { askBatches, subjectNamed } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';

const hostile: OutputRow = {
  title: '\u001B[31m"quoted"\\ \r\n\u2028 🚀 =1+1 \uFFFD',
  price: null,
  for_corporation: false,
  items: [{ record_id: 1 }],
};

/** The output of a format for successive batches. */
async function written(name: 'json' | 'ndjson', batches: readonly OutputRow[][]): Promise<string> {
  const format = await loadFormat(name, {
    subject: subjectNamed('contracts'),
    fields: Object.keys(hostile),
    color: true,
  });
  return format.begin() + batches.map((batch) => format.rows(batch)).join('') + format.end();
}

const one: OutputRow[] = [hostile];
const cases: [string, OutputRow[][]][] = [
  ['no rows', []],
  ['an empty batch', [[]]],
  ['one row', [one]],
  ['several rows', [[hostile, { title: null }, { title: '' }]]],
  ['several batches', [[hostile, hostile], one, [hostile, hostile]]],
  ['empty batches between', [[], one, [], one, []]],
];

describe('json', () => {
  it.each(cases)('is one array, a row a line: %s', async (_, batches) => {
    const text = await written('json', batches);
    const rows = batches.flat();
    expect(JSON.parse(text)).toEqual(rows);
    expect(text.endsWith(']\n')).toBe(true);
    expect(text.split('\n').length - 1).toBe(rows.length === 0 ? 1 : rows.length + 2);
  });

  it('writes no raw control character but the ends of lines', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
    expect(await written('json', [one])).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });
});

describe('ndjson', () => {
  it.each(cases)('is one object a line: %s', async (_, batches) => {
    const text = await written('ndjson', batches);
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(batches.flat());
  });
});

const given = Array.from({ length: 501 }, (_, index) => ({ contract_id: index + 1, row: { title: '"\n,]' } }));

describe.each(backings)('JSON of an answer on $name', (backing) => {
  const market = sharedMarket(backing, given);

  it.each(['json', 'ndjson'] as const)('%s is valid across the border of two batches', async (name) => {
    const { database } = market();
    const batches = await askBatches(database, { sort: 'contract_id', fields: ['contract_id', 'title'] });
    expect(batches.length).toBeGreaterThan(1);
    const text = await written(name, batches);
    const rows: unknown = JSON.parse(name === 'json' ? text : `[${text.trimEnd().split('\n').join(',')}]`);
    expect(rows).toEqual(given.map(({ contract_id, row }) => ({ contract_id, title: row.title })));
  });
});
