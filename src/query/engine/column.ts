import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** The kind of a column's values, for identical rows on every database and for aligned tables. */
export type ColumnKind =
  | 'id'
  | 'number'
  | 'isk'
  | 'text'
  | 'boolean'
  | 'instant'
  | 'link'
  | 'list'
  | 'object'
  | 'series';

/** A value of a `series`: the median price of a day. */
export interface DayPrice {
  /** In UTC: `2026-03-01`. */
  readonly day: string;
  /** In ISK. */
  readonly median: number;
  readonly contracts: number;
}

/** Separates the texts of a `list` in SQL; no name in the game contains it. */
export const listSeparator = '; ';

/** A field of a subject's answers. */
export interface Column {
  readonly sql: SQL;
  readonly kind: ColumnKind;
  /** One line for the help and the documentation, with the unit. */
  readonly description: string;
  /** For an `object` or a `series`: loads values by the ids that the SQL returns; unknown ids are missing. */
  readonly load?: (ids: readonly number[], reader: Reader) => Promise<ReadonlyMap<number, unknown>>;
}

/** A computed column. */
export function column(kind: ColumnKind, expression: SQL, description: string): Column {
  return { kind, sql: expression, description };
}

/** Makes columns from a table, each under its name in the table. */
export function columnsIn(table: string): (kind: ColumnKind, name: string, description: string) => Column {
  return (kind, name, description) => column(kind, sql`${sql.identifier(table)}.${sql.identifier(name)}`, description);
}

/** Some of the columns, in the given order. */
export function pick<Name extends string>(
  columns: Readonly<Record<Name, Column>>,
  names: readonly Name[],
): Record<Name, Column> {
  return Object.fromEntries(names.map((name) => [name, columns[name]])) as Record<Name, Column>;
}

/** `expression AS name` for each of the columns. */
export function selected(columns: Readonly<Record<string, Column>>): SQL[] {
  return Object.entries(columns).map(([name, { sql: expression }]) => sql`${expression} AS ${sql.identifier(name)}`);
}
