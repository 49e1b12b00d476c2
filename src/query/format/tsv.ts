import { showControlCharacters } from '../../visible.ts';
import { cellsOf } from './csv.ts';
import type { Format, FormatOptions } from './format.ts';
import { jsonFor } from './json.ts';

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * One row per line with tab-separated cells, like PostgreSQL's COPY: a tab, line break or backslash in a cell is
 * written `\t`, `\n`, `\r` or `\\`, and a missing value is empty.
 */
export function createTsv(options: FormatOptions): Format {
  const { fields, isTerminal, isHeadless = false } = options;
  const json = jsonFor(options);
  const cells = cellsOf(options, (value) => {
    if (value === null || value === undefined) return '';
    const text = typeof value === 'object' ? json(value) : String(value);
    const escaped = text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
    return isTerminal === true ? showControlCharacters(escaped) : escaped;
  });
  return {
    begin: () => (isHeadless ? '' : `${fields.join('\t')}\n`),
    rows: (batch) => batch.map((row) => `${cells.map((cell) => cell(row)).join('\t')}\n`).join(''),
    end: () => '',
  };
}
