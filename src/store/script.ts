import { type SQL, sql } from 'drizzle-orm';

/**
 * The steps of one transaction: a generator that yields statements and receives their rows. The same script runs on a
 * synchronous driver (SQLite) and an asynchronous one (PostgreSQL), and only statements can run while the transaction
 * is open.
 */
export type Script<Result> = Generator<SQL, Result, unknown>;

/** A statement of a script, with the type of its rows; a statement that changes rows returns them with RETURNING. */
export function* execute<Row>(statement: SQL): Script<readonly Row[]> {
  return (yield statement) as readonly Row[];
}

/** Kinds of columns in rows that are passed to a statement; JSON is passed as text. */
export type ValueKind = 'id' | 'text' | 'instant' | 'isk' | 'real' | 'boolean' | 'json';

/** The differences between the dialects' SQL. */
export interface Dialect {
  /** A query with one column, `value`. */
  values(kind: 'id' | 'text', values: readonly (number | string)[]): SQL;
  /** A query with one row per object, and its fields as columns. */
  rows(kinds: Readonly<Record<string, ValueKind>>, rows: readonly Readonly<Record<string, unknown>>[]): SQL;
  /** Which of tens of thousands of contracts are not stored, or gone. Reads nothing of the history. */
  notListed(contractIds: readonly number[]): Script<readonly { readonly value: number | string }[]>;
}

/** Runs scripts, each in its own transaction. */
export interface Driver {
  readonly dialect: Dialect;
  /** Runs one statement that changes nothing: one round trip to the server, where a transaction takes four. */
  read<Row>(statement: SQL): Promise<readonly Row[]>;
  transact<Result>(script: () => Script<Result>): Promise<Result>;
}

/** INSERT of one row by column names. */
export function insertInto(table: string, row: Readonly<Record<string, unknown>>): SQL {
  const names = Object.keys(row).map((name) => sql.identifier(name));
  const values = Object.values(row).map((value) => sql`${value}`);
  return sql`INSERT INTO ${sql.identifier(table)} (${sql.join(names, sql`, `)}) VALUES (${sql.join(values, sql`, `)})`;
}

/** INSERT of any number of rows, whose columns are those of `kinds`. */
export function insertRowsInto(
  table: string,
  kinds: Readonly<Record<string, ValueKind>>,
  rows: readonly Readonly<Record<string, unknown>>[],
  dialect: Dialect,
): SQL {
  const names = sql.join(
    Object.keys(kinds).map((name) => sql.identifier(name)),
    sql`, `,
  );
  // Without a WHERE, SQLite parses the ON of a following ON CONFLICT as part of a JOIN.
  return sql`INSERT INTO ${sql.identifier(table)} (${names})
    SELECT ${names} FROM (${dialect.rows(kinds, rows)}) AS given WHERE TRUE`;
}

/** `a = excluded.a, b = excluded.b`: the inserted values, for ON CONFLICT DO UPDATE. */
export function excludedValues(columns: readonly string[]): SQL {
  const assignments = columns.map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`);
  return sql.join(assignments, sql`, `);
}

/** `a = 1, b = 'x'`: values for UPDATE. */
export function assignedValues(row: Readonly<Record<string, unknown>>): SQL {
  const assignments = Object.entries(row).map(([name, value]) => sql`${sql.identifier(name)} = ${value}`);
  return sql.join(assignments, sql`, `);
}
