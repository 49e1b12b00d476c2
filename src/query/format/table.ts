import Table from 'cli-table3';
import { showControlCharacters } from '../../visible.ts';
import { type Column, listText, type OutputRow, type Subject } from '../subject.ts';
import type { Format, FormatOptions } from './format.ts';

const longestCell = 40;
const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** For people: columns aligned, numbers to the right, control characters in players' text made visible. */
export function createTable({ subject, fields, color }: FormatOptions): Format {
  const columns = fields.map((field) => subject.columns[field]);
  const table = new Table({
    head: fields.map((field) => (color ? `\u001B[1m${field}\u001B[22m` : field)),
    colAligns: columns.map((column) => (isNumeric(column) ? 'right' : 'left')),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  let total = 0;
  return {
    begin: () => '',
    rows(batch) {
      total += batch.length;
      for (const row of batch) table.push(fields.map((field, index) => cell(row, field, columns[index], subject)));
      return '';
    },
    end() {
      if (total === 0) return 'no rows\n';
      const lines = table.toString().split('\n');
      return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
    },
  };
}

function isNumeric(column: Column | undefined): boolean {
  return column !== undefined && ['id', 'number', 'isk'].includes(column.kind);
}

const iskFormat = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function cell(row: OutputRow, field: string, column: Column | undefined, subject: Subject): string {
  const value = row[field];
  if (value === null || value === undefined) return '';
  if (column?.kind === 'isk' && typeof value === 'number') return iskFormat.format(value);
  const list = listText(subject, field, value);
  if (list !== undefined) return shortened(showControlCharacters(list));
  if (Array.isArray(value)) return shortened(nestedText(value, field, subject));
  return shortened(showControlCharacters(String(value)));
}

/** Rows within a row, in short: what they name and how many of it. */
function nestedText(rows: OutputRow[], field: string, subject: Subject): string {
  const columns = subject.nested.find(({ name }) => name === field)?.columns ?? {};
  const label = Object.keys(columns).find((name) => name.endsWith('_name'));
  const texts = rows.map((row) => {
    const name = label === undefined ? '' : (row[label] ?? row.type_id ?? '');
    return `${row.quantity ?? ''} × ${name}`;
  });
  return showControlCharacters(texts.join(', '));
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= longestCell ? text : `${characters.slice(0, longestCell - 1).join('')}…`;
}
