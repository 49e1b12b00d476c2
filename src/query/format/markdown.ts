import { showControlCharacters } from '../../visible.ts';
import { columnAt } from '../engine/fields.ts';
import { cellsOf } from './csv.ts';
import type { Format, FormatOptions } from './format.ts';
import { jsonFor } from './json.ts';

const numbers = new Set(['id', 'number', 'isk']);

/**
 * A table of GitHub's Markdown. Titles are written by players: whatever Markdown or HTML would make of a character, it
 * is shown as it is, and a control character as an escape.
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
