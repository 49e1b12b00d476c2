import { showControlCharacters } from '../../visible.ts';
import type { Column } from '../engine/column.ts';
import type { NestedRows, OutputRow } from '../engine/subject.ts';

/** A summary of nested rows: their names with quantities, or their amounts. */
export function nestedTexts(
  rows: unknown,
  { columns }: NestedRows,
  isk: (amount: number) => string,
): readonly string[] {
  const label = Object.keys(columns).find((name) => name.endsWith('_name') || columns[name]?.kind === 'isk');
  return ((rows ?? []) as readonly OutputRow[]).map((row) => {
    const text = label === undefined ? '' : valueText(row[label] ?? row.type_id, columns[label], isk);
    return row.quantity === undefined ? text : `${row.quantity} × ${text}`;
  });
}

/** Further digits of a double are rounding errors: 21.424000000000003. */
const shownDigits = 12;

/** A value for people; player text with escapes for control and invisible characters. */
export function valueText(value: unknown, column: Column | undefined, isk: (amount: number) => string): string {
  if (value === null || value === undefined) return '';
  if (column?.kind === 'isk' && typeof value === 'number') {
    return isk(value);
  }
  if (column?.kind === 'number' && typeof value === 'number') return String(Number(value.toPrecision(shownDigits)));
  return showControlCharacters(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
