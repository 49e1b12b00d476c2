import { stringify } from 'csv-stringify/sync';
import { invisible, showControlCharacters } from '../../visible.ts';
import { valueSeparator, valuesAt } from '../fields.ts';
import type { OutputRow } from '../subject.ts';
import type { Format, FormatOptions } from './format.ts';
import { jsonFor } from './json.ts';

/** What spreadsheets overlook before a formula, and people anywhere; not what may part cells. */
const blanks = String.raw`[[\s\p{Cc}${invisible}]--[\t\r\n]]*`;
/** What makes a spreadsheet run a cell, by the list of OWASP and in the widths that spreadsheets take for the same. */
const signs = String.raw`=+\-@\uFF1D\uFF0B\uFF0D\uFF20`;
/**
 * Where a formula begins: with a cell, or with what would be one if the lines were parted at semicolons or tabs, as
 * spreadsheets do in many countries; the quotation marks around a cell count for nothing then.
 */
const formula = new RegExp(String.raw`^(?=${blanks}[${signs}\t\r\n])|(?<=[;\t\r\n])(?=${blanks}[${signs}])`, 'gv');

/**
 * RFC 4180, with a header. What a spreadsheet would run as a formula gets an apostrophe in front; rows within rows are
 * JSON in their cell, the values of a path into them, or of a list, stand side by side.
 */
export function createCsv({ subject, fields, isTerminal }: FormatOptions): Format {
  const textOf = textFor({ isTerminal });
  const cells = fields.map((field) => {
    const valuesOf = valuesAt(subject, field);
    return (row: OutputRow) => {
      const values = valuesOf(row);
      return textOf(values.length === 1 ? values[0] : values.map((value) => value ?? '').join(valueSeparator));
    };
  });
  const lines = (records: string[][]) =>
    // Texts alone: for each number that were exempt from `escape_formulas`, the library would go through all its options
    // anew. Left to itself, it would quote CR LF, and neither of them alone.
    stringify(records, { record_delimiter: 'windows', quoted_match: /[;\t\r\n]/ });
  return {
    begin: () => lines([[...fields]]),
    rows: (batch) => lines(batch.map((row) => cells.map((cell) => cell(row)))),
    end: () => '',
  };
}

/** How a value is written in a cell. Only text can be a formula: a negative number stays a number. */
function textFor(options: Pick<FormatOptions, 'isTerminal'>): (value: unknown) => string {
  const json = jsonFor(options);
  const shown = options.isTerminal === true ? (text: string) => showControlCharacters(text) : (text: string) => text;
  return (value) => {
    if (typeof value === 'string') return shown(value.replaceAll(formula, "'"));
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? json(value) : String(value);
  };
}
