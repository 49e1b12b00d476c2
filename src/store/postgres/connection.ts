import { userInfo } from 'node:os';
import { fillPlaceholders, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { HangarbayError, messageOf, StorageError, UsageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import { labelOf, type PostgresAddress, parsePostgresUrl } from './address.ts';
import { watch } from './silence.ts';

export type Client = postgres.Sql;
/** A client, or one of its transactions. */
export type Session = postgres.ISql;

export interface ConnectOptions {
  /** Connections at most. */
  readonly connections: number;
  /** Told when a connection is lost. */
  readonly onClose?: () => void;
}

/** Opens a pool; no connection is made before the first statement. */
export function connect(url: string, { connections, onClose }: ConnectOptions): Client {
  const address = addressOf(url);
  const { hosts, ports, socketFolder, database, user, password, tls, targetSession, parameters } = address;
  const options: postgres.Options<Record<string, postgres.PostgresType>> = {
    // Its types know nothing of several hosts.
    host: [...hosts] as unknown as string,
    port: [...ports] as unknown as number,
    ...(socketFolder === undefined ? {} : { path: `${socketFolder}/.s.PGSQL.${ports[0]}` }),
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    // The driver would take an empty text for one; what a password file says is read when it is needed.
    password: () => password ?? passwordInFile(address),
    ssl: tls as object | 'prefer' | false,
    ...(targetSession === undefined ? {} : { target_session_attrs: targetSession as 'read-write' }),
    max: connections,
    connect_timeout: address.connectTimeoutSeconds,
    // By default the driver waits up to 20 seconds between two attempts, long after a restarted server is back.
    backoff: () => 0.1,
    // Arrays are not used, and when the connection is lost during this query of the driver's own, nobody catches it.
    fetch_types: false,
    // The driver would print notices on stdout, into the data.
    onnotice: () => {},
    ...(onClose === undefined ? {} : { onclose: onClose }),
    // Instants are read as text, so neither the server nor the database has a say in how they are written.
    connection: { ...parameters, TimeZone: 'UTC', DateStyle: 'ISO' },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      instant: { to: 1184, from: [1184], serialize: (value: string) => value, parse: toInstantText },
      json: { to: 114, from: [114, 3802], serialize: (value: string) => value, parse: (text: string) => text },
    },
  };
  const client = postgres(options) as unknown as Client;
  clients.set(client, url);
  return client;
}

/** The pools of this process, with their addresses; one that was ended may be ended again. */
const clients = new Map<Client, string>();

/** Gives up all connections: what is under way fails as if the server had closed them. */
function giveUpAll(): void {
  for (const client of clients.keys()) void client.end({ timeout: 0 }).catch(() => {});
  clients.clear();
}

/** @throws {UsageError} when the URL asks for something that cannot be done */
function addressOf(url: string): PostgresAddress {
  try {
    return parsePostgresUrl(url);
  } catch (error) {
    throw new UsageError(`the database URL ${messageOf(error)}`, { cause: error });
  }
}

/** The password that `~/.pgpass`, or the file that PGPASSFILE names, has for this server; empty where it has none. */
async function passwordInFile({ hosts: [host = ''], ports, socketFolder, database, user }: PostgresAddress) {
  const { default: pgpass } = await import('pgpass');
  const name = user ?? userInfo().username;
  const question = { host: socketFolder === undefined ? host : 'localhost', port: ports[0] ?? 5432, user: name };
  return new Promise<string>((resolve) => {
    pgpass({ ...question, database: database ?? name }, (password) => resolve(password ?? ''));
  });
}

/** A pool that can be replaced by a new one when it has lost its server. */
export interface Pool {
  readonly client: Client;
  /** Gives up a broken client: all that it still has under way fails, and the next statement gets a new one. */
  replace(broken: Client): void;
  close(): Promise<void>;
}

/**
 * A pool for work that outlives a restart of the server. The driver reconnects by itself, but now and then a statement
 * that was on its way when the connections broke is never answered at all; a new client leaves none of those behind.
 */
export function openPool(url: string, options: ConnectOptions): Pool {
  let client = connect(url, options);
  return {
    get client() {
      return client;
    },
    replace(broken) {
      if (broken !== client) return;
      client = connect(url, options);
      void broken.end({ timeout: 0 });
    },
    close: () => client.end({ timeout: 5 }),
  };
}

/** `2026-11-23 05:00:00+00`, as PostgreSQL writes an instant in UTC. */
function toInstantText(text: string): string {
  return `${text.slice(0, 19).replace(' ', 'T')}Z`;
}

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

/**
 * Runs one statement.
 *
 * @param prepare keeps the statement prepared on its connection: faster, but not through PgBouncer
 */
export async function execute<Row>(
  session: Session,
  statement: SQL | CompiledStatement,
  prepare: boolean,
): Promise<readonly Row[]> {
  const { sql: text, params } = 'params' in statement ? statement : compile(statement);
  const query = session.unsafe(text, params as postgres.ParameterOrJSON<never>[], { prepare });
  // One process talks to one server, and the driver tells which of the server's processes has the statement.
  const [url = ''] = clients.values();
  const processId = () => (query as unknown as { readonly state?: { readonly pid?: number } | null }).state?.pid;
  const endWatch = watch(url, processId, giveUpAll);
  try {
    return (await query) as unknown as readonly Row[];
  } finally {
    endWatch();
  }
}

export { labelOf };

/** Codes of the driver, the operating system and the server for a connection that is not there, or no longer. */
const lostCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01', // the administrator shuts the server down
  '57P02', // another backend crashed
  '57P03', // the server starts up
]);

/** No connection is free, of the role, the database or the server. */
export const tooManyConnections = '53300';
/** The work has been rolled back because it collided with other work, and may be done again. */
const collisions = ['40001', '40P01'];

/** Whether an error says that the same work may well be done a moment later. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return code === tooManyConnections || (code !== undefined && collisions.includes(code));
}

/** Whether the server refuses rows for what is in them, or for a constraint on them: classes 22 and 23. */
export function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error) ?? '');
}

/** What the operating system is asked for when a connection is made: a failure of these is one of the connection. */
const connectingCalls = new Set(['connect', 'getaddrinfo']);

/** Whether an error says that the server is not there: worth another attempt, since it may come back. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  const { syscall } = error as NodeJS.ErrnoException;
  return lostCodes.has(code) || code.startsWith('08') || (syscall !== undefined && connectingCalls.has(syscall));
}

/**
 * What an error about the database as a whole means for the user, and any other error as it is. An error with a code
 * that is none of the server's comes from making the connection: the driver, the operating system, TLS.
 */
export function explained(url: string, error: unknown): unknown {
  if (error instanceof HangarbayError || !(error instanceof Error) || codeOf(error) === undefined) return error;
  if (isConnectionLost(error)) return unreachable(url, error);
  const { name, severity, code } = error as postgres.PostgresError;
  if (severity === 'FATAL' && code === '42704') {
    return new UsageError(`${labelOf(url)} does not know a parameter of the URL: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const known = storageErrorOf(error, labelOf(url));
  if (known !== undefined) return known;
  // The server ends a session with FATAL only, before it has begun where a parameter of the URL makes no sense.
  return name !== 'PostgresError' || severity === 'FATAL' ? unreachable(url, error) : error;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** What a failed connection means for the user. */
export function unreachable(url: string, error: unknown): StorageError {
  const said = messageOf(error) || codeOf(error) || 'no reason given';
  const reason = /before secure TLS connection/.test(said) ? 'the server offers no TLS, which sslmode asks for' : said;
  return new StorageError(`cannot reach ${labelOf(url)}: ${reason}`, { cause: error });
}
