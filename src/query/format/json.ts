import type { Format } from './format.ts';

/** What stands around the rows: fields of an object, before the last one, `rows`. */
export type Envelope = Readonly<Record<string, unknown>>;

/**
 * One array, a row a line: valid JSON, and still readable with line-based tools. In an envelope the array is the last
 * field of an object.
 */
export function createJson(envelope?: Envelope): Format {
  let isFirst = true;
  const before = envelope === undefined ? '' : `${JSON.stringify({ ...envelope, rows: 0 }).slice(0, -2)}`;
  const after = envelope === undefined ? '' : '}';
  return {
    begin: () => `${before}[`,
    rows(batch) {
      const text = batch.map((row) => `\n${JSON.stringify(row)}`).join(',');
      const separator = isFirst || batch.length === 0 ? '' : ',';
      isFirst &&= batch.length === 0;
      return separator + text;
    },
    end: () => `${isFirst ? '' : '\n'}]${after}\n`,
  };
}

/** One object a line. */
export function createNdjson(): Format {
  return {
    begin: () => '',
    rows: (batch) => batch.map((row) => `${JSON.stringify(row)}\n`).join(''),
    end: () => '',
  };
}
