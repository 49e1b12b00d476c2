import { stringify } from 'csv-stringify/sync';
import { invisible, showControlCharacters } from '../../visible.ts';
import { valueSeparator, valuesAt } from '../engine/fields.ts';
import type { OutputRow } from '../engine/subject.ts';
import type { Format, FormatOptions } from './format.ts';
import { jsonFor } from './json.ts';

/**
 * What makes a spreadsheet run a cell, by the list of OWASP and in the widths that spreadsheets take for the same.
 * Before it they overlook blanks, and people all that cannot be seen.
 */
const formula = new RegExp(String.raw`^[\s\p{Cc}${invisible}]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]`, 'u');

/**
 * RFC 4180, with a header. A cell that a spreadsheet would run as a formula gets an apostrophe in front, and what parts
 * cells in many countries stands in quotation marks as a comma does. Rows within rows are JSON in their cell; the values
 * of a path into them, or of a list, stand side by side.
 */
export function createCsv(options: FormatOptions): Format {
  const { fields, isTerminal, isHeadless = false, hasByteOrderMark = false } = options;
  const cells = cellsOf(options, textFor({ isTerminal }));
  const lines = (records: string[][]) =>
    // Texts alone: for each number that were exempt from `escape_formulas`, the library would go through all its options
    // anew. Left to itself, it would quote CR LF, and neither of them alone.
    stringify(records, { record_delimiter: 'windows', quoted_match: /[;\t\r\n]/ });
  return {
    begin: () => (hasByteOrderMark ? '\uFEFF' : '') + (isHeadless ? '' : lines([[...fields]])),
    rows: (batch) => lines(batch.map((row) => cells.map((cell) => cell(row)))),
    end: () => '',
  };
}

/** Writes the cell of each field; the values of a path, or of a list, stand side by side in it. */
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

/** How a value is written in a cell. Only text can be a formula: a negative number stays a number. */
function textFor(options: Pick<FormatOptions, 'isTerminal'>): (value: unknown) => string {
  const json = jsonFor(options);
  const shown = options.isTerminal === true ? (text: string) => showControlCharacters(text) : (text: string) => text;
  return (value) => {
    if (typeof value === 'string') return shown(formula.test(value) ? `'${value}` : value);
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? json(value) : String(value);
  };
}
