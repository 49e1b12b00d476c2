import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { withLinks } from '../../../src/query/engine/links.ts';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import { parseAmount } from '../../../src/query/engine/values.ts';
import { loadFormat } from '../../../src/query/format/load.ts';
import { ask, subjectNamed } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';

interface Look {
  readonly color?: boolean;
  readonly width?: number;
  readonly exact?: boolean;
  readonly standard?: readonly string[];
}

async function table(fields: readonly string[], rows: OutputRow[], look: Look = {}): Promise<string> {
  const subject = withLinks(subjectNamed('contracts'));
  const format = await loadFormat('table', { subject, fields, color: false, ...look });
  return format.begin() + format.rows(rows) + format.end();
}

/** The text of the one cell below the head. */
async function cell(field: string, value: unknown, look: Look = {}): Promise<string | undefined> {
  return (await table([field], [{ [field]: value }], look)).split('\n')[1]?.trim();
}

describe('tables', () => {
  it('align texts to the left and numbers to the right under the names of the fields', async () => {
    const rows = [
      { contract_id: 7, title: 'Rifter', price: 8_200_000 },
      { contract_id: 1234567, title: 'x', price: 0.5 },
    ];
    expect(await table(['contract_id', 'title', 'price'], rows)).toBe(
      ['contract_id  title   price', '          7  Rifter   8.2m', '    1234567  x         0.5', ''].join('\n'),
    );
  });

  it.each([
    ['\u001B[31mred', '\\u001b[31mred'],
    ['two\nlines', 'two\\nlines'],
    ['tab\tand\rreturn', 'tab\\tand\\rreturn'],
    ['bell\u0007', 'bell\\u0007'],
    ['C1 \u009B31m', 'C1 \\u009b31m'],
    ['\u202Eturned', '\\u202eturned'],
    ['zero\u200Bwidth', 'zero\\u200bwidth'],
    ['del\u007F', 'del\\u007f'],
  ])('show %j as %s', async (title, shown) => {
    const text = await table(['title'], [{ title }]);
    expect(text).toBe(`title\n${shown}\n`);
  });

  it('show control characters in the names of items', async () => {
    const items = [{ type_name: 'evil\u001B]0;x\u0007', quantity: 2 }];
    const text = await table(['items'], [{ items }]);
    expect(text).toContain('2 × evil\\u001b]0;x\\u0007');
    expect(text).not.toContain('\u001B');
  });

  it('leave letters beyond ASCII and emoji as they are', async () => {
    expect(await table(['title'], [{ title: 'ÄÖ 🚀 КАРАКАЛ 艦' }])).toContain('ÄÖ 🚀 КАРАКАЛ 艦');
  });

  it('shorten long texts and say so', async () => {
    const lines = (await table(['title'], [{ title: 'x'.repeat(200) }])).split('\n');
    expect(lines[1]).toMatch(/^x+…$/);
    expect(lines[1]?.length).toBeLessThan(60);
  });

  it('leave cells empty where there is nothing, and show flags as words', async () => {
    const text = await table(
      ['title', 'for_corporation', 'type'],
      [{ title: null, for_corporation: false, type: 'x' }],
    );
    expect(text.split('\n')[1]?.split(/\s+/)).toEqual(['', 'false', 'x']);
  });

  it.each([
    [21.424000000000003, '21.424'],
    [27_289.05, '27289.05'],
    [0.1 + 0.2, '0.3'],
    [12, '12'],
    [-0.9459, '-0.9459'],
  ])('show the number %d without what computing has left behind it', async (value, expected) => {
    expect(await cell('volume', value)).toBe(expected);
  });

  it('say that there are no rows', async () => {
    expect(await table(['title'], [])).toBe('no rows\n');
  });

  it('are coloured only where colour is wanted', async () => {
    const rows = [{ title: 'Rifter' }];
    expect(await table(['title'], rows, { color: true })).toContain('\u001B[');
    expect(await table(['title'], rows, { color: false })).not.toContain('\u001B');
  });

  it('dim what is not there, so that no text can look like it', async () => {
    const rows = [{ title: null, price: null }];
    const [, line] = (await table(['title', 'price'], rows, { color: true })).split('\n');
    expect(line?.match(/\[2m–.\[22m/g)).toHaveLength(2);
    expect(await cell('title', '–', { color: true })).toBe('–');
  });

  it('lead nowhere out of the terminal', async () => {
    const title = '\u001B]8;;http://example.com\u0007click\u001B]8;;\u0007';
    const text = await table(['title', 'link'], [{ title, link: '<url=contract:1//2>Contract 2</url>' }], {
      color: true,
    });
    expect(text).not.toContain('\u001B]');
    expect(text).not.toContain('\u0007');
  });
});

describe('amounts of ISK in tables', () => {
  it.each([
    [1_250_000_000, '1.25b'],
    [8_200_000, '8.2m'],
    [300_000, '300k'],
    [1_500_000_000_000, '1.5t'],
    [1_234_567_890, '1.23b'],
    [999_999_999, '1b'],
    [999_499, '999k'],
    [999, '999'],
    [42.5, '42.5'],
    [0.01, '0.01'],
    [0.0012, '0.0012'],
    [0, '0'],
    [-5_000_000, '-5m'],
    [2_500_000_000_000_000, '2500t'],
  ])('%d is %s, which can be typed as a filter', async (price, shown) => {
    expect(await cell('price', price)).toBe(shown);
    if (price >= 0)
      expect(parseAmount(shown, '--max-price')).toBeCloseTo(price, -Math.floor(Math.log10(price || 1)) + 2);
  });

  it.each([
    [1_234_567_890, '1,234,567,890.00'],
    [0.5, '0.50'],
    [0.001, '0.001'],
    [0, '0.00'],
    [9_007_199_254_740_991, '9,007,199,254,740,991.00'],
  ])('%d is %s with --exact', async (price, shown) => {
    expect(await cell('price', price, { exact: true })).toBe(shown);
  });

  it.each([0.01, 27289, 12.5, 5_000_000])('other numbers stay as they are: %d', async (volume) => {
    expect(await cell('volume', volume)).toBe(String(volume));
  });
});

describe('a table in a terminal', () => {
  const fields = ['contract_id', 'title', 'ship_name', 'price', 'date_expired'];
  const row = {
    contract_id: 230_000_001,
    title: 'a title that is rather long, 艦艦艦艦艦艦',
    ship_name: 'Republic Fleet Firetail',
    price: 8_200_000,
    date_expired: '2026-11-23T05:00:00Z',
  };

  it.each([200, 100, 80, 70, 66])('of %d columns is not wider', async (width) => {
    const lines = (await table(fields, [row, { ...row, title: '🚀'.repeat(60) }], { width })).trimEnd().split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    // A number, an id and a time are whole or not there.
    for (const line of lines.slice(-2)) expect(line).toMatch(/230000001 .* 8\.2m {2}2026-11-23T05:00:00Z$/);
  });

  it('cuts texts with an ellipsis, and no character in two', async () => {
    const text = await table(['title', 'type'], [{ title: '艦👩‍🚀'.repeat(10), type: 'auction' }], { width: 20 });
    const [, line] = text.split('\n');
    expect(line).toBe('艦👩‍🚀艦👩‍🚀艦…  auction');
  });

  it('parts long names at their underscores before it cuts any text, and never cuts a name', async () => {
    const columns = ['days_to_complete', 'title', 'items.type_name'];
    const cells = [{ days_to_complete: 3, title: 'Rifter, fitted', items: [{ type_name: 'Rifter' }] }];
    expect(await table(columns, cells, { width: 32 })).toBe(
      [
        '                          items.',
        'days_to_                  type_',
        'complete  title           name',
        '       3  Rifter, fitted  Rifter',
        '',
      ].join('\n'),
    );
    const [first, , , last] = (await table(columns, cells, { width: 31 })).split('\n');
    expect([first, last]).toEqual(['                         items.', '       3  Rifter, fitt…  Rifter']);
  });

  it('leaves out at the right what does not fit at all, and says so', async () => {
    const lines = (await table(fields, [row], { width: 40 })).trimEnd().split('\n');
    expect(lines[2]).toMatch(/^ {2}230000001|^230000001/);
    expect(lines.at(-1)).toBe('too narrow for: date_expired');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  });

  it('shows one column at least', async () => {
    const lines = (await table(fields, [row], { width: 1 })).trimEnd().split('\n');
    expect(lines.slice(0, 4)).toEqual(['contract_', '       id', '230000001', 'too narrow for:']);
  });

  it('keeps what was asked for, and leaves out of the standard columns first, in the same order', async () => {
    const asked = [...fields, 'items'];
    const items = [{ type_name: 'Rifter', quantity: 1 }];
    const look = { width: 60, standard: fields };
    const lines = (await table(asked, [{ ...row, items }], look)).trimEnd().split('\n');
    expect(lines[1]).toMatch(/^ +id +title +ship_name +price +items$/);
    expect(lines.at(-1)).toBe('too narrow for: date_expired');
    const narrow = (await table(asked, [{ ...row, items }], { ...look, width: 12 })).trimEnd().split('\n');
    expect(narrow.slice(0, 2)).toEqual(['items', '1 × Rifter']);
    // Rather than that one of these were left out, they are cut to their names.
    const most = { items, bids: [{ amount: 1_000_000 }, { amount: 2_000_000 }], flags: ['same_type_both_ways'] };
    const nested = await table([...fields, 'items', 'bids', 'flags'], [{ ...row, ...most }], { ...look, width: 18 });
    expect(nested.split('\n').slice(0, 2)).toEqual(['items  bids  flags', '1 × …  1m;…  same…']);
  });

  it('tells all that is left out, in as many lines as that takes', async () => {
    const lines = (await table(fields, [row], { width: 20 })).trimEnd().split('\n');
    expect(lines.slice(-3)).toEqual(['too narrow for:', 'ship_name, price,', 'date_expired']);
  });

  it('never cuts a link', async () => {
    const link = `<url=contract:30000142//230000001>Contract 230000001</url>`;
    const [, line] = (await table(['title', 'link'], [{ ...row, link }], { width: 70 })).split('\n');
    expect(line).toMatch(/^a title t… {2}<url=contract:30000142\/\/230000001>Contract 230000001<\/url>$/);
  });
});

it('a long table comes out while its rows come in', async () => {
  const format = await loadFormat('table', {
    subject: subjectNamed('contracts'),
    fields: ['title', 'price'],
    color: false,
  });
  const batch = Array.from({ length: 500 }, (_, index) => ({ title: 'x'.repeat(index % 9), price: index }));
  expect(format.begin()).toBe('');
  const lines = [format.rows(batch), format.rows(batch), format.end()].map((text) => text.split('\n').length - 1);
  expect(lines).toEqual([501, 500, 0]);
});

it('a number that is wider than all before it stays whole', async () => {
  const format = await loadFormat('table', {
    subject: subjectNamed('contracts'),
    fields: ['contract_id', 'title'],
    color: false,
  });
  const batch = Array.from({ length: 500 }, () => ({ contract_id: 1, title: 'x' }));
  format.rows(batch);
  const later = format.rows([{ contract_id: 123_456_789_012, title: 'a longer title' }]);
  expect(later).toBe('123456789012  a lo…\n');
});

describe.each(backings)('tables of contracts on $name', (backing) => {
  const market = sharedMarket(backing);

  it('keep every row on one line, whatever the player text', async () => {
    const { database } = market();
    const { tableFields } = subjectNamed('contracts');
    const rows = await ask(database, { filters: { state: ['all'] }, fields: tableFields });
    const text = await table(tableFields, rows);
    expect(text.trimEnd().split('\n')).toHaveLength(rows.length + 1);
    expect(text).toContain('Fleet_pack\\u001b[31m');
    expect(text).toContain('two\\nlines');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
  });
});
