import { stringify } from 'csv-stringify/sync';
import { valueSeparator, valuesAt } from '../fields.ts';
import type { OutputRow, Subject } from '../subject.ts';
import type { Format, FormatOptions } from './format.ts';

/**
 * RFC 4180, with a header. A cell that a spreadsheet would run as a formula gets an apostrophe in front; rows within
 * rows are JSON in their cell, the values of a path into them, or of a list, stand side by side.
 */
export function createCsv({ subject, fields }: Pick<FormatOptions, 'subject' | 'fields'>): Format {
  const lines = (records: readonly unknown[][]) =>
    stringify(records as unknown[][], {
      record_delimiter: 'windows',
      escape_formulas: true,
      // Left alone, only the delimiter's own CR LF would be quoted.
      quoted_match: /[\r\n]/,
      cast: {
        boolean: String,
        object: (value) => JSON.stringify(value),
        // Only text can be a formula: a negative number stays a number.
        number: (value) => ({ value: String(value), escape_formulas: false }),
      },
    });
  return {
    begin: () => lines([[...fields]]),
    rows: (batch) => lines(batch.map((row) => fields.map((field) => cellOf(subject, row, field)))),
    end: () => '',
  };
}

function cellOf(subject: Subject, row: OutputRow, field: string): unknown {
  const values = valuesAt(subject, row, field);
  return values.length === 1 ? values[0] : values.map((value) => value ?? '').join(valueSeparator);
}
