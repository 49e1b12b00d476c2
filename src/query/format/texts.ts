import { showControlCharacters } from '../../visible.ts';
import type { Column } from '../engine/column.ts';
import type { NestedRows, OutputRow } from '../engine/subject.ts';

/** Rows within a row, in short: what they name and how many of it, or what they are worth. */
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

/** Beyond these digits a double shows how it was computed: 21.424000000000003. */
const shownDigits = 12;

/** A value as people read it; player text is shown, with escapes for what controls or hides text. */
export function valueText(value: unknown, column: Column | undefined, isk: (amount: number) => string): string {
  if (value === null || value === undefined) return '';
  if (column?.kind === 'isk' && typeof value === 'number') {
    return isk(value);
  }
  if (column?.kind === 'number' && typeof value === 'number') return String(Number(value.toPrecision(shownDigits)));
  return showControlCharacters(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
