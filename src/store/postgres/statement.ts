import { fillPlaceholders, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import type { Session } from './connection.ts';
import { processIdOf, watch } from './silence.ts';

const compiler = new PgDialect();

/** A statement in the form for the server. */
export interface CompiledStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** @param values for the statement's placeholders; others stay, for repeated use */
export function compile(statement: SQL, values?: Readonly<Record<string, unknown>>): CompiledStatement {
  const { sql: text, params } = compiler.sqlToQuery(statement);
  return { sql: text, params: values === undefined ? params : fillPlaceholders(params, values) };
}

export interface ExecuteOptions {
  /** Prepares the statement on its connection: faster, but not supported through PgBouncer. @default false */
  readonly isPrepared?: boolean;
}

/** Runs one statement, and drops all connections if the server stops responding. */
export async function execute<Row>(
  session: Session,
  statement: SQL | CompiledStatement,
  { isPrepared = false }: ExecuteOptions = {},
): Promise<readonly Row[]> {
  const { sql: text, params } = 'params' in statement ? statement : compile(statement);
  const query = session.unsafe(text, params as postgres.ParameterOrJSON<never>[], { prepare: isPrepared });
  // A process has one server, and the driver knows which server process runs the statement.
  const endWatch = watch(() => processIdOf(query));
  try {
    return (await query) as unknown as readonly Row[];
  } finally {
    endWatch();
  }
}
