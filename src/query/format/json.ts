import { showInJson } from '../../visible.ts';
import type { Format, FormatOptions } from './format.ts';

/**
 * One array, one row per line: valid JSON that also works with line-based tools. In an envelope, the array is the last
 * field of an object.
 */
export function createJson({ envelope, isTerminal }: FormatOptions): Format {
  const json = jsonFor({ isTerminal });
  let isFirst = true;
  const before = envelope === undefined ? '' : json({ ...envelope, rows: 0 }).slice(0, -2);
  const after = envelope === undefined ? '' : '}';
  return {
    begin: () => `${before}[`,
    rows(batch) {
      const text = batch.map((row) => `\n${json(row)}`).join(',');
      const separator = isFirst || batch.length === 0 ? '' : ',';
      isFirst &&= batch.length === 0;
      return separator + text;
    },
    end: () => `${isFirst ? '' : '\n'}]${after}\n`,
  };
}

/** One object per line. */
export function createNdjson({ isTerminal }: FormatOptions): Format {
  const json = jsonFor({ isTerminal });
  return {
    begin: () => '',
    rows: (batch) => batch.map((row) => `${json(row)}\n`).join(''),
    end: () => '',
  };
}

/** Converts a value to JSON. */
export function jsonFor({ isTerminal }: Pick<FormatOptions, 'isTerminal'>): (value: unknown) => string {
  return isTerminal === true ? (value) => showInJson(JSON.stringify(value)) : JSON.stringify;
}
