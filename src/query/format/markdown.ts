import { showControlCharacters } from '../../visible.ts';
import { columnAt } from '../engine/fields.ts';
import { cellsOf } from './csv.ts';
import type { Format, FormatOptions } from './format.ts';
import { jsonFor } from './json.ts';

const numbers = new Set(['id', 'number', 'isk']);

/**
 * A table in GitHub's Markdown. In player text, characters with a meaning in Markdown or HTML are escaped, and so are
 * control characters.
 */
export function createMarkdown(options: FormatOptions): Format {
  const { subject, fields, isHeadless = false } = options;
  const json = jsonFor(options);
  const cells = cellsOf(options, (value) => {
    if (value === null || value === undefined) return '';
    return plainText(typeof value === 'object' ? json(value) : String(value));
  });
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |\n`;
  const rules = fields.map((field) => (numbers.has(columnAt(subject, field)?.kind ?? 'text') ? '---:' : '---'));
  return {
    begin: () => (isHeadless ? '' : line(fields.map(plainText)) + line(rules)),
    rows: (batch) => batch.map((row) => line(cells.map((cell) => cell(row)))).join(''),
    end: () => '',
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function plainText(text: string): string {
  return showControlCharacters(text)
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? character)
    .replaceAll(/[\\`*_{}[\]()#+!|~@:]/g, (character) => `&#${character.codePointAt(0)};`);
}
