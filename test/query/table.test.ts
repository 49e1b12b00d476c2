import { describe, expect, it } from 'vitest';
import { loadFormat } from '../../src/query/format/format.ts';
import type { OutputRow } from '../../src/query/subject.ts';
import { ask, subjectNamed } from '../helpers/ask.ts';
import { backings } from '../helpers/backings.ts';
import { sharedMarket } from '../helpers/shared.ts';

async function table(fields: readonly string[], rows: OutputRow[], color = false): Promise<string> {
  const format = await loadFormat('table', { subject: subjectNamed('contracts'), fields, color });
  return format.begin() + format.rows(rows) + format.end();
}

describe('tables', () => {
  it('align texts to the left and numbers to the right under the names of the fields', async () => {
    const rows = [
      { contract_id: 7, title: 'Rifter', price: 8_200_000 },
      { contract_id: 1234567, title: 'x', price: 0.5 },
    ];
    expect(await table(['contract_id', 'title', 'price'], rows)).toBe(
      [
        'contract_id  title          price',
        '          7  Rifter  8,200,000.00',
        '    1234567  x               0.50',
        '',
      ].join('\n'),
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

  it('say that there are no rows', async () => {
    expect(await table(['title'], [])).toBe('no rows\n');
  });

  it('are coloured only where colour is wanted', async () => {
    const rows = [{ title: 'Rifter' }];
    expect(await table(['title'], rows, true)).toContain('\u001B[');
    expect(await table(['title'], rows, false)).not.toContain('\u001B');
  });
});

describe.each(backings)('tables of contracts on $name', (backing) => {
  const market = sharedMarket(backing);

  it('keep every row on a line of its own, whatever players wrote', async () => {
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
