import type { Statement } from 'better-sqlite3';
import { fillPlaceholders, type SQL, sql } from 'drizzle-orm';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { storageErrorOf } from '../failures.ts';
import type { Dialect, Driver, Script } from '../script.ts';
import type { Client } from './connection.ts';

const compiler = new SQLiteSyncDialect();

/** Lists and rows travel as one JSON parameter: SQLite takes 32,766 parameters in a statement, not more. */
const sqliteDialect: Dialect = {
  values: (_, values) => sql`SELECT value FROM json_each(${JSON.stringify(values)})`,
  rows(kinds, rows) {
    const columns = Object.keys(kinds).map(
      (name) => sql`value ->> ${sql.raw(`'$.${name}'`)} AS ${sql.identifier(name)}`,
    );
    return sql`SELECT ${sql.join(columns, sql`, `)} FROM json_each(${JSON.stringify(rows)})`;
  },
};

/**
 * A statement's text and its parameters as better-sqlite3 takes them, which knows no booleans.
 *
 * @param values of the statement's placeholders
 */
export function compile(
  statement: SQL,
  values: Readonly<Record<string, unknown>> = {},
): { readonly text: string; readonly parameters: unknown[] } {
  const { sql: text, params } = compiler.sqlToQuery(statement);
  const filled = fillPlaceholders(params, values);
  return { text, parameters: filled.map((value) => (typeof value === 'boolean' ? Number(value) : value)) };
}

export function createSqliteDriver(client: Client): Driver {
  /** By their texts, which are few since lists are parameters: preparing takes longer than most of them take to run. */
  const prepared = new Map<string, Statement>();

  function prepare(text: string): Statement {
    const statement = prepared.get(text) ?? client.prepare(text);
    prepared.set(text, statement);
    return statement;
  }

  function run<Result>(script: Script<Result>): Result {
    let step = script.next();
    while (!step.done) {
      const { text, parameters } = compile(step.value);
      const statement = prepare(text);
      step = script.next(statement.reader ? statement.all(...parameters) : statement.run(...parameters));
    }
    return step.value;
  }
  const transaction = client.transaction((script: () => Script<unknown>) => run(script()));
  return {
    dialect: sqliteDialect,
    async transact<Result>(script: () => Script<Result>) {
      try {
        return transaction.immediate(script) as Result;
      } catch (error) {
        throw storageErrorOf(error, `the database ${client.name}`) ?? error;
      }
    },
  };
}
