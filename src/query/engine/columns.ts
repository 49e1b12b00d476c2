import { type SQL, sql } from 'drizzle-orm';
import type { Column, ColumnKind } from './subject.ts';

/** A column that is worked out. */
export function column(kind: ColumnKind, expression: SQL): Column {
  return { kind, sql: expression };
}

/** The same, of what only the subject's joins bring. */
export function joined(kind: ColumnKind, expression: SQL): Column {
  return { kind, sql: expression, isJoined: true };
}

/** How the columns of a table are had, each under the name that it has there. */
export function columnsIn(table: string): (kind: ColumnKind, name: string) => Column {
  return (kind, name) => column(kind, sql`${sql.identifier(table)}.${sql.identifier(name)}`);
}

/** Some of the columns, in the order of their names here. */
export function pick<Name extends string>(
  columns: Readonly<Record<Name, Column>>,
  names: readonly Name[],
): Record<Name, Column> {
  return Object.fromEntries(names.map((name) => [name, columns[name]])) as Record<Name, Column>;
}
