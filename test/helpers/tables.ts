import SqliteClient from 'better-sqlite3';
import { type SQL, sql } from 'drizzle-orm';
import postgres from 'postgres';
import { readFrom, type TestDatabase } from './backings.ts';

export type TableRow = Readonly<Record<string, unknown>>;

/** The rows of a table, as a query reads them, in the order of a column. */
export function rowsOf(database: TestDatabase, table: string, order: string): Promise<TableRow[]> {
  return rowsFrom(database, sql`SELECT * FROM ${sql.identifier(table)} ORDER BY ${sql.identifier(order)}`);
}

/** The rows of any query. */
export function rowsFrom(database: TestDatabase, query: SQL): Promise<TableRow[]> {
  return readFrom(database, (reader) => reader.all<TableRow>(query));
}

export const contractsIn = (database: TestDatabase) => rowsOf(database, 'contracts', 'contract_id');
export const itemsIn = (database: TestDatabase) => rowsOf(database, 'contract_items', 'record_id');
export const backlogIn = (database: TestDatabase) => rowsOf(database, 'contract_backlog', 'backlog_key');

/** A column that holds JSON, whether the database parses it or not. */
export function jsonOf(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

/** A boolean column's value, in either database's representation. */
export function booleanOf(value: unknown): boolean {
  return Boolean(value);
}

/** Changes a database directly, bypassing the store, for preparations whose usual way is irrelevant. */
export async function change({ location }: TestDatabase, statement: string): Promise<void> {
  if (location.dialect === 'sqlite') {
    const client = new SqliteClient(location.path);
    client.exec(statement);
    client.close();
    return;
  }
  const client = postgres(location.url, { max: 1, onnotice: () => {} });
  await client.unsafe(statement);
  await client.end();
}
