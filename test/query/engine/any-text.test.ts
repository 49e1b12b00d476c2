import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContract } from '../../../src/esi/routes/contract-list.ts';
import type { OutputRow } from '../../../src/query/engine/subject.ts';
import type { FormatName } from '../../../src/query/format/format.ts';
import { loadFormat } from '../../../src/query/format/load.ts';
import { ask, subjectNamed } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { contractRow } from '../../helpers/esi-rows.ts';
import { hostileTexts } from '../../helpers/hostile-json.ts';
import { openFilled } from '../../helpers/market.ts';

async function written(name: FormatName, rows: readonly OutputRow[], fields: readonly string[]): Promise<string> {
  const format = await loadFormat(name, { subject: subjectNamed('contracts'), fields, color: false });
  return format.begin() + format.rows(rows) + format.end();
}

/** A title as it is stored, since that is what is put out. */
function stored(title: string): string | null {
  const parsed = parseContract(contractRow({ title }));
  return parsed.ok ? parsed.value.title : null;
}

const titles = fc.array(hostileTexts, { minLength: 1, maxLength: 5 }).map((texts) => texts.map(stored));
const fields = ['contract_id', 'title', 'items'];
const rowsOf = (texts: readonly (string | null)[]): OutputRow[] =>
  texts.map((title, index) => ({ contract_id: index, title, items: [{ type_name: title, quantity: 1 }] }));

describe('whatever players write', () => {
  it('comes back from CSV by an independent reader, with an apostrophe where a spreadsheet would run it', async () => {
    await fc.assert(
      fc.asyncProperty(titles, async (texts) => {
        const text = await written('csv', rowsOf(texts), fields);
        const records: string[][] = parse(text, { record_delimiter: '\r\n' });
        expect(records).toHaveLength(texts.length + 1);
        for (const [index, title] of texts.entries()) {
          const [id, cell = '', items = ''] = records[index + 1] ?? [];
          expect(id).toBe(String(index));
          const isFormula = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\t\r\n＝＋－＠]/u.test(
            title ?? '',
          );
          expect(cell).toBe(`${isFormula ? "'" : ''}${title ?? ''}`);
          // By the list of OWASP: no cell begins with any of these, blanks apart.
          expect(cell.trimStart()).not.toMatch(/^[=+\-@]/);
          expect(cell).not.toMatch(/^[\t\r\n]/);
          expect(JSON.parse(items)).toEqual([{ type_name: title, quantity: 1 }]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('comes back from JSON and from NDJSON, one row a line', async () => {
    await fc.assert(
      fc.asyncProperty(titles, async (texts) => {
        const rows = rowsOf(texts);
        const ndjson = await written('ndjson', rows, fields);
        const lines = ndjson.split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
        expect(JSON.parse(await written('json', rows, fields))).toEqual(rows);
        // Half a character could not be written as UTF-8.
        expect(ndjson.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is shown in tables a row a line, with nothing in it that a terminal obeys', async () => {
    await fc.assert(
      fc.asyncProperty(titles, async (texts) => {
        const table = await written('table', rowsOf(texts), ['contract_id', 'items', 'title']);
        const lines = table.split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(texts.length + 1);
        // Cc: controls, Zl and Zp: line breaks; of the formatting characters only that which emoji are joined by.
        expect(lines.join('').replaceAll(/(?<=\p{Emoji})\u200D(?=\p{Emoji})/gu, '')).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever players write, through the databases', () => {
  it('is the same on both, and what ESI sent but for what no database can hold', async () => {
    const texts = fc.sample(hostileTexts, { numRuns: 300, seed: 1 });
    const contracts = texts.map((title, index) => ({ contract_id: index + 1, row: { type: 'courier', title } }));
    const answers: unknown[] = [];
    for (const backing of backings) {
      const { database } = await openFilled(backing, contracts);
      const rows = await ask(database, { fields: ['contract_id', 'title'], sort: 'contract_id' });
      expect(rows.map(({ title }) => title)).toEqual(
        texts.map((text) => text.toWellFormed().replaceAll('\0', '\uFFFD')),
      );
      const byTitle = await ask(database, { fields: ['contract_id'], sort: 'title' });
      answers.push(byTitle);
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});
