import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** What a column holds, for rows that must look the same on every database, and for aligning tables. */
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

/** What stands between the texts of a `list` in SQL; no name of the game has it. */
export const listSeparator = '; ';

/** A field of the answers about a subject. */
export interface Column {
  readonly sql: SQL;
  readonly kind: ColumnKind;
  /** One line for the help and the documents, with the unit where there is one. */
  readonly description: string;
  /** Of an `object` or a `series`: loads them by the ids that the SQL yields; unknown ids are missing. */
  readonly load?: (ids: readonly number[], reader: Reader) => Promise<ReadonlyMap<number, unknown>>;
}

/** A column that is worked out. */
export function column(kind: ColumnKind, expression: SQL, description: string): Column {
  return { kind, sql: expression, description };
}

/** How the columns of a table are had, each under the name that it has there. */
export function columnsIn(table: string): (kind: ColumnKind, name: string, description: string) => Column {
  return (kind, name, description) => column(kind, sql`${sql.identifier(table)}.${sql.identifier(name)}`, description);
}

/** Some of the columns, in the order of their names here. */
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
