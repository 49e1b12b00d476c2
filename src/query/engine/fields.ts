import { UsageError } from '../../errors.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import type { Column } from './column.ts';
import type { NestedRows, OutputRow, Subject } from './subject.ts';

/** What to read for the fields of an answer. */
export interface Selection {
  /** Keys of an output row, in order: columns and nested rows. */
  readonly keys: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  readonly nested: readonly NestedRows[];
}

/**
 * What to read for these fields: columns, names of nested rows (`items`), and paths into nested rows
 * (`items.type_name`), which select only those columns.
 */
export function selectionOf(subject: Subject, fields: readonly string[]): Selection {
  const partsOf = (field: string) => partsIn(subject, field);
  const keys = [...new Set(fields.map((field) => partsOf(field).name))];
  const columns = keys.flatMap((name) => {
    const column = subject.columns[name];
    return column === undefined ? [] : [[name, column] as const];
  });
  const nested = subject.nested.flatMap((definition) => {
    const { name } = definition;
    if (fields.includes(name)) return [definition];
    const within = fields.map(partsOf).filter((parts) => parts.name === name);
    if (within.length === 0) return [];
    const chosen = Object.fromEntries(within.map(({ child = '' }) => [child, definition.columns[child] as Column]));
    return [{ ...definition, columns: chosen }];
  });
  return { keys, columns: Object.fromEntries(columns), nested };
}

/**
 * Checks that every field is one of the subject's.
 *
 * @throws {UsageError} with the nearest fields
 */
export function requireFields(subject: Subject, fields: readonly string[]): void {
  const [names, paths] = [namesIn(subject), pathsIn(subject)];
  for (const field of fields) requireField('--fields', field, names, paths);
}

/** Every field of a subject: columns, names of nested rows, and paths into them. */
export function knownFields(subject: Subject): string[] {
  return [...namesIn(subject), ...pathsIn(subject)];
}

function namesIn({ columns, nested, derived = [] }: Subject): string[] {
  return [...Object.keys(columns), ...[...nested, ...derived].map(({ name }) => name)];
}

function pathsIn({ nested }: Subject): string[] {
  return nested.flatMap(({ name, columns }) => Object.keys(columns).map((child) => `${name}.${child}`));
}

/** The field as typed, perhaps in the form of a flag: `price-per-run` is `price_per_run`. Other hyphens stay. */
export function fieldNamed(text: string): string {
  return text.trim().replaceAll(/(?<=\w)-(?=\w)/g, '_');
}

/** @param paths also known, but too many to list */
export function requireField(
  flag: string,
  name: string,
  known: readonly string[],
  paths: readonly string[] = [],
): void {
  if (known.includes(name) || paths.includes(name)) return;
  const hint = didYouMean(nearestNames(name, [...known, ...paths]));
  const example = paths[0] === undefined ? '' : `, and paths such as ${paths[0]}`;
  throw new UsageError(`${flag}: field "${name}" is unknown${hint || '.'} Fields: ${known.join(', ')}${example}`);
}

/** The column of a field; undefined for nested rows. */
export function columnAt(subject: Subject, field: string): Column | undefined {
  const { name, child } = partsIn(subject, field);
  if (child === undefined) return subject.columns[name];
  return subject.nested.find((definition) => definition.name === name)?.columns[child];
}

/**
 * Returns a function that gets the values of a field from a row: one value, those of a list, or one per nested row for
 * a path. The field is looked up only once for all rows.
 */
export function valuesAt(subject: Subject, field: string): (row: OutputRow) => readonly unknown[] {
  const { name, child } = partsIn(subject, field);
  const isList = subject.columns[name]?.kind === 'list' || subject.derived?.some((list) => list.name === name);
  if (isList) return (row) => row[name] as readonly string[];
  if (child === undefined) return (row) => [row[name]];
  return (row) => ((row[name] ?? []) as readonly OutputRow[]).map((nested) => nested[child]);
}

/** Separates the values of a path or a list within a cell. */
export const valueSeparator = '; ';

/** A column name may contain a dot; any other field with a dot is a path into nested rows. */
function partsIn({ columns }: Subject, field: string): { readonly name: string; readonly child?: string } {
  if (columns[field] !== undefined) return { name: field };
  const dot = field.indexOf('.');
  return dot === -1 ? { name: field } : { name: field.slice(0, dot), child: field.slice(dot + 1) };
}
