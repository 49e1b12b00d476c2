import { fillPlaceholders, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import type { Session } from './connection.ts';
import { processIdOf, watch } from './silence.ts';

const compiler = new PgDialect();

/** A statement as the server takes it. */
export interface CompiledStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** @param values of the statement's placeholders; those without one stay, for whoever runs it often */
export function compile(statement: SQL, values?: Readonly<Record<string, unknown>>): CompiledStatement {
  const { sql: text, params } = compiler.sqlToQuery(statement);
  return { sql: text, params: values === undefined ? params : fillPlaceholders(params, values) };
}

export interface ExecuteOptions {
  /** Keeps the statement prepared on its connection: faster, but not through PgBouncer. @default false */
  readonly isPrepared?: boolean;
}

/** Runs one statement, and gives up all connections when the server has fallen silent over it. */
export async function execute<Row>(
  session: Session,
  statement: SQL | CompiledStatement,
  { isPrepared = false }: ExecuteOptions = {},
): Promise<readonly Row[]> {
  const { sql: text, params } = 'params' in statement ? statement : compile(statement);
  const query = session.unsafe(text, params as postgres.ParameterOrJSON<never>[], { prepare: isPrepared });
  // One process talks to one server, and the driver tells which of the server's processes has the statement.
  const endWatch = watch(() => processIdOf(query));
  try {
    return (await query) as unknown as readonly Row[];
  } finally {
    endWatch();
  }
}
