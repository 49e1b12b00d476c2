import type { Format } from './format.ts';

/** One array, a row a line: valid JSON, and still readable with line-based tools. */
export function createJson(): Format {
  let isFirst = true;
  return {
    begin: () => '[',
    rows(batch) {
      const text = batch.map((row) => `\n${JSON.stringify(row)}`).join(',');
      const separator = isFirst || batch.length === 0 ? '' : ',';
      isFirst &&= batch.length === 0;
      return separator + text;
    },
    end: () => (isFirst ? ']\n' : '\n]\n'),
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
