import { userInfo } from 'node:os';
import postgres from 'postgres';
import { messageOf, UsageError } from '../../errors.ts';
import { type PostgresAddress, parsePostgresUrl } from './address.ts';

export type Client = postgres.Sql;
/** A client, or one of its transactions. */
export type Session = postgres.ISql;

export interface ConnectOptions {
  /** Connections at most. */
  readonly connections: number;
  /** Told when a connection is lost. */
  readonly onClose?: () => void;
  /** Of the server, where the URL does not set them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Talks to this one of several hosts alone, whatever it is. */
  readonly place?: number;
}

/** Opens a pool; no connection is made before the first statement. */
export function connect(url: string, { connections, onClose, parameters: more, place }: ConnectOptions): Client {
  const address = addressOf(url, place);
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
    ...(targetSession === undefined ? {} : { target_session_attrs: targetSession }),
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
    connection: { ...more, ...parameters, TimeZone: 'UTC', DateStyle: 'ISO' },
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

/** The address that this process talks to: one process has one server. */
export function addressInUse(): string {
  const [url = ''] = clients.values();
  return url;
}

/** Gives up all connections: what is under way fails as if the server had closed them. */
export function giveUpAll(): void {
  for (const client of clients.keys()) void client.end({ timeout: 0 }).catch(() => {});
  clients.clear();
}

/** @throws {UsageError} when the URL asks for something that cannot be done */
export function addressOf(url: string, place?: number): PostgresAddress {
  try {
    const address = parsePostgresUrl(url);
    if (place === undefined) return address;
    const only = <Value>(values: readonly Value[]) => values.slice(place, place + 1);
    return { ...address, hosts: only(address.hosts), ports: only(address.ports), targetSession: undefined };
  } catch (error) {
    throw new UsageError(`the database URL ${messageOf(error)}`, { cause: error });
  }
}

/** The password that `~/.pgpass`, or the file that PGPASSFILE names, has for this server; empty where it has none. */
async function passwordInFile({ hosts: [host = ''], ports, socketFolder, database, user }: PostgresAddress) {
  const { default: pgpass } = await import('pgpass');
  const name = user ?? userInfo().username;
  const server = { host: socketFolder === undefined ? host : 'localhost', port: ports[0] ?? 5432, user: name };
  return new Promise<string>((resolve) => {
    pgpass({ ...server, database: database ?? name }, (password) => resolve(password ?? ''));
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
