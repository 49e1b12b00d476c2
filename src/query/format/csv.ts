import { stringify } from 'csv-stringify/sync';
import { invisible, showControlCharacters } from '../../visible.ts';
import { valueSeparator, valuesAt } from '../engine/fields.ts';
import type { OutputRow } from '../engine/subject.ts';
import type { Format, FormatOptions } from './format.ts';
import { jsonFor } from './json.ts';

/**
 * The beginnings of cells that spreadsheets run as formulas, by OWASP's list and its full-width variants. Spreadsheets
 * ignore leading blanks, and people do not see invisible characters.
 */
const formula = new RegExp(String.raw`^[\s\p{Cc}${invisible}]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]`, 'u');

/**
 * RFC 4180, with a header. A cell that a spreadsheet would run as a formula gets a leading apostrophe, and semicolons
 * and tabs, the separators of many locales, are quoted like commas. Nested rows are JSON in their cell; the values of a
 * path or a list are joined.
 */
export function createCsv(options: FormatOptions): Format {
  const { fields, isTerminal, isHeadless = false, hasByteOrderMark = false } = options;
  const cells = cellsOf(options, textFor({ isTerminal }));
  const lines = (records: string[][]) =>
    // Passes only texts, because the library would check all its options for each number exempt from `escape_formulas`.
    // By default it quotes CR LF, but not a single CR or LF.
    stringify(records, { record_delimiter: 'windows', quoted_match: /[;\t\r\n]/ });
  return {
    begin: () => (hasByteOrderMark ? '\uFEFF' : '') + (isHeadless ? '' : lines([[...fields]])),
    rows: (batch) => lines(batch.map((row) => cells.map((cell) => cell(row)))),
    end: () => '',
  };
}

/** Writes the cell of each field; joins the values of a path or a list. */
export function cellsOf(
  { subject, fields }: Pick<FormatOptions, 'subject' | 'fields'>,
  textOf: (value: unknown) => string,
): ((row: OutputRow) => string)[] {
  return fields.map((field) => {
    const valuesOf = valuesAt(subject, field);
    return (row) => {
      const values = valuesOf(row);
      const text = (value: unknown) =>
        typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? '');
      return textOf(values.length === 1 ? values[0] : values.map(text).join(valueSeparator));
    };
  });
}

/** Converts a value to a cell's text. Only text can be a formula: a negative number stays a number. */
function textFor(options: Pick<FormatOptions, 'isTerminal'>): (value: unknown) => string {
  const json = jsonFor(options);
  const shown = options.isTerminal === true ? (text: string) => showControlCharacters(text) : (text: string) => text;
  return (value) => {
    if (typeof value === 'string') return shown(formula.test(value) ? `'${value}` : value);
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? json(value) : String(value);
  };
}
