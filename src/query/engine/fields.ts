import { UsageError } from '../../errors.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import type { Column } from './column.ts';
import type { NestedRows, OutputRow, Subject } from './subject.ts';

/** What is read for the fields of an answer. */
export interface Selection {
  /** Keys of an output row, in order: columns, and rows within it. */
  readonly keys: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  readonly nested: readonly NestedRows[];
}

/**
 * What has to be read for these fields: columns, names of nested rows (`items`), and paths into them
 * (`items.type_name`), which select only those of their columns.
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
 * Every field must be one of the subject's.
 *
 * @throws {UsageError} with the nearest of those that there are
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

/** The field that was typed, perhaps as a flag would be: `price-per-run` is `price_per_run`. */
export function fieldNamed(text: string): string {
  return text.trim().replaceAll('-', '_');
}

/** @param paths known as well, but too many to be listed */
export function requireField(
  flag: string,
  name: string,
  known: readonly string[],
  paths: readonly string[] = [],
): void {
  if (known.includes(name) || paths.includes(name)) return;
  const hint = didYouMean(nearestNames(name, [...known, ...paths]));
  const example = paths[0] === undefined ? '' : `, and paths such as ${paths[0]}`;
  throw new UsageError(`${flag}: there is no field "${name}"${hint || '.'} Known are: ${known.join(', ')}${example}`);
}

/** The column of a field; undefined for rows within the row. */
export function columnAt(subject: Subject, field: string): Column | undefined {
  const { name, child } = partsIn(subject, field);
  if (child === undefined) return subject.columns[name];
  return subject.nested.find((definition) => definition.name === name)?.columns[child];
}

/**
 * How the values of a field are had from a row: one, those of a list, or for a path one of each of the rows within it.
 * The field is looked up once, since there are many rows.
 */
export function valuesAt(subject: Subject, field: string): (row: OutputRow) => readonly unknown[] {
  const { name, child } = partsIn(subject, field);
  const isList = subject.columns[name]?.kind === 'list' || subject.derived?.some((list) => list.name === name);
  if (isList) return (row) => row[name] as readonly string[];
  if (child === undefined) return (row) => [row[name]];
  return (row) => ((row[name] ?? []) as readonly OutputRow[]).map((nested) => nested[child]);
}

/** Stands between the values of a path or of a list where they share a cell. */
export const valueSeparator = '; ';

/** A column may have a dot in its name; any other field with one is a path into nested rows. */
function partsIn({ columns }: Subject, field: string): { readonly name: string; readonly child?: string } {
  if (columns[field] !== undefined) return { name: field };
  const dot = field.indexOf('.');
  return dot === -1 ? { name: field } : { name: field.slice(0, dot), child: field.slice(dot + 1) };
}
