import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import { loadFormat } from '../../../src/query/format/load.ts';
import { subjectNamed } from '../../helpers/ask.ts';
import { parseCsv } from './parse-csv.ts';

async function written(fields: readonly string[], ...batches: OutputRow[][]): Promise<string> {
  const format = await loadFormat('csv', { subject: subjectNamed('contracts'), fields, color: true });
  return format.begin() + batches.map((batch) => format.rows(batch)).join('') + format.end();
}

/** The one cell below a header, between two others. */
async function cell(value: unknown): Promise<string | undefined> {
  const text = await written(['a', 'b', 'c'], [{ a: 'x', b: value, c: 'z' }]);
  const [header, row, ...more] = parseCsv(text);
  expect([header, row?.[0], row?.[2], more]).toEqual([['a', 'b', 'c'], 'x', 'z', []]);
  return row?.[1];
}

describe('csv', () => {
  it('has a header and ends every line with CR LF', async () => {
    const text = await written(['contract_id', 'title'], [{ contract_id: 1, title: 'Rifter' }]);
    expect(text).toBe('contract_id,title\r\n1,Rifter\r\n');
  });

  it('has a header where there are no rows', async () => {
    expect(await written(['contract_id', 'title'])).toBe('contract_id,title\r\n');
  });

  it('has one header however many batches there are', async () => {
    const text = await written(['contract_id'], [{ contract_id: 1 }, { contract_id: 2 }], [], [{ contract_id: 3 }]);
    expect(parseCsv(text)).toEqual([['contract_id'], ['1'], ['2'], ['3']]);
  });

  it.each([
    'plain',
    'a,b',
    'say "hi"',
    '"',
    '""',
    'two\nlines',
    'two\r\nlines',
    'old Mac\rlines',
    ' blanks around ',
    '\u200Bunseen\u00A0',
    '🚀 ÄÖ \u202E',
    'semi;colon\ttab',
    "it's",
  ])('gives back %j as it was', async (text) => {
    expect(await cell(text)).toBe(text);
  });

  it.each([
    ...['=1+1', '+1', '-1+1', '@SUM(A1)', '\t1', '\r1', '\n1', '\n', '=HYPERLINK("http://x","y")', '=1,2\n3', '＝1'],
    ...[' =1', '\u00A0=1', '\u200B=1', '\uFEFF+1', '\u00AD\u3000 \u3164-1', '\u0000@x', '\u{E0041}=1', ' \n1', '\v=1'],
  ])('neutralises %j, which a spreadsheet would run', async (text) => {
    expect(await cell(text)).toBe(`'${text}`);
    const [, record] = parse(await written(['a'], [{ a: text }]), { record_delimiter: '\r\n' });
    expect(record).toEqual([`'${text}`]);
  });

  it.each(['a;b', 'a\tb', 'a;=1+1'])('quotes %j, at which some part the lines', async (text) => {
    expect(await written(['a'], [{ a: text }])).toBe(`a\r\n"${text}"\r\n`);
  });

  it('neutralises the values of a path, too', async () => {
    const text = await written(['items.type_name'], [{ items: [{ type_name: ' =1' }, { type_name: '=2' }] }]);
    expect(parseCsv(text)[1]).toEqual(["' =1; =2"]);
  });

  it('leaves a sign within a text alone', async () => {
    expect(await cell('a=b')).toBe('a=b');
    expect(await cell('10-20')).toBe('10-20');
    expect(await cell('thanks ;-)')).toBe('thanks ;-)');
  });

  it.each([0, -5, -0.01, 1_500_000_000, 99.99, 9_007_199_254_740_991])(
    'leaves the number %d a number',
    async (number) => {
      expect(await cell(number)).toBe(String(number));
    },
  );

  it('writes flags as true and false, and null as nothing', async () => {
    expect(await cell(true)).toBe('true');
    expect(await cell(false)).toBe('false');
    expect(await cell(null)).toBe('');
  });

  it('writes rows within a row as JSON in their cell', async () => {
    const items = [{ record_id: 1, type_name: 'Rifter, "used"', runs: null }, { record_id: 2 }];
    expect(JSON.parse((await cell(items)) ?? '')).toEqual(items);
    expect(await cell([])).toBe('[]');
  });

  it('has the fields in the order they were asked for', async () => {
    const text = await written(['b', 'a'], [{ a: 1, b: 2, c: 3 }]);
    expect(parseCsv(text)).toEqual([
      ['b', 'a'],
      ['2', '1'],
    ]);
  });
});
