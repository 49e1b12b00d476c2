import { type SQL, sql } from 'drizzle-orm';

/**
 * The steps of one transaction: a generator that yields statements and gets their rows. Written once, it runs on a
 * driver that answers at once (SQLite) as well as on one that answers later (PostgreSQL), and nothing but statements
 * can happen while the transaction is open.
 */
export type Script<Result> = Generator<SQL, Result, unknown>;

/** A statement of a script, with the type of its rows; a statement that changes rows has them through RETURNING. */
export function* execute<Row>(statement: SQL): Script<readonly Row[]> {
  return (yield statement) as readonly Row[];
}

/** Kinds of columns of rows that travel into a statement; JSON travels as text. */
export type ValueKind = 'id' | 'text' | 'instant' | 'isk' | 'real' | 'boolean' | 'json';

/** Where the dialects' SQL differs. */
export interface Dialect {
  /** A query with one column, `value`. */
  values(kind: 'id' | 'text', values: readonly (number | string)[]): SQL;
  /** A query with one row per object, and their fields as columns. */
  rows(kinds: Readonly<Record<string, ValueKind>>, rows: readonly Readonly<Record<string, unknown>>[]): SQL;
}

/** Runs scripts, each in a transaction of its own: all of it or nothing. */
export interface Driver {
  readonly dialect: Dialect;
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
  // Without a WHERE, SQLite takes the ON of an ON CONFLICT that follows for that of a JOIN.
  return sql`INSERT INTO ${sql.identifier(table)} (${names})
    SELECT ${names} FROM (${dialect.rows(kinds, rows)}) AS given WHERE TRUE`;
}

/** `a = excluded.a, b = excluded.b`: the values that the INSERT brought, for ON CONFLICT DO UPDATE. */
export function excludedValues(columns: readonly string[]): SQL {
  const assignments = columns.map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`);
  return sql.join(assignments, sql`, `);
}

/** `a = 1, b = 'x'`: values for UPDATE. */
export function assignedValues(row: Readonly<Record<string, unknown>>): SQL {
  const assignments = Object.entries(row).map(([name, value]) => sql`${sql.identifier(name)} = ${value}`);
  return sql.join(assignments, sql`, `);
}
