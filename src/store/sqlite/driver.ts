import type { Statement } from 'better-sqlite3';
import { fillPlaceholders, type SQL, sql } from 'drizzle-orm';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { storageErrorOf } from '../failures.ts';
import { type Dialect, type Driver, execute, type Script } from '../script.ts';
import type { Client } from './connection.ts';

const compiler = new SQLiteSyncDialect();

/** Lists and rows are passed as one JSON parameter, because SQLite allows at most 32,766 parameters. */
const sqliteDialect: Dialect = {
  values: (_, values) => sql`SELECT value FROM json_each(${JSON.stringify(values)})`,
  rows(kinds, rows) {
    const columns = Object.keys(kinds).map(
      (name) => sql`value ->> ${sql.raw(`'$.${name}'`)} AS ${sql.identifier(name)}`,
    );
    return sql`SELECT ${sql.join(columns, sql`, `)} FROM json_each(${JSON.stringify(rows)})`;
  },
  // The planner would take the table itself, which has twenty times as many pages as this index.
  notListed: (contractIds) =>
    execute(sql`
      SELECT value FROM json_each(${JSON.stringify(contractIds)})
      WHERE NOT EXISTS (
        SELECT 1 FROM contracts INDEXED BY contracts_listed_id WHERE contract_id = value AND gone_at IS NULL)`),
};

/**
 * A statement's text and parameters for better-sqlite3, which does not accept booleans.
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
  /** By text; there are few, because lists are parameters. Preparing most statements takes longer than running them. */
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
  /** Turns an error of SQLite into one that names the file. */
  function attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw storageErrorOf(error, `the database ${client.name}`) ?? error;
    }
  }

  const transaction = client.transaction((script: () => Script<unknown>) => run(script()));
  return {
    dialect: sqliteDialect,
    async read<Row>(statement: SQL) {
      return attempt(() => run(execute<Row>(statement)));
    },
    async transact<Result>(script: () => Script<Result>) {
      return attempt(() => transaction.immediate(script) as Result);
    },
  };
}
