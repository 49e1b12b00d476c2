import { userInfo } from 'node:os';
import postgres from 'postgres';
import { messageOf, UsageError } from '../../errors.ts';
import { type PostgresAddress, parsePostgresUrl } from './address.ts';

export type Client = postgres.Sql;
/** A client, or one of its transactions. */
export type Session = postgres.ISql;

export interface ConnectOptions {
  /** Maximum of connections. */
  readonly connections: number;
  /** Called when a connection is lost. */
  readonly onClose?: () => void;
  /** Parameters of the server that the URL may override. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Connects only to this one of several hosts, whatever its role. */
  readonly place?: number;
}

/** Opens a pool; connects at the first statement. */
export function connect(url: string, { connections, onClose, parameters: more, place }: ConnectOptions): Client {
  const address = addressOf(url, place);
  const { hosts, ports, socketFolder, database, user, password, tls, targetSession, parameters } = address;
  const options: postgres.Options<Record<string, postgres.PostgresType>> = {
    // The driver's types do not support several hosts.
    host: [...hosts] as unknown as string,
    port: [...ports] as unknown as number,
    ...(socketFolder === undefined ? {} : { path: `${socketFolder}/.s.PGSQL.${ports[0]}` }),
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    // The driver would use an empty text as a password; the password file is read when needed.
    password: () => password ?? passwordInFile(address),
    ssl: tls as object | 'prefer' | false,
    ...(targetSession === undefined ? {} : { target_session_attrs: targetSession }),
    max: connections,
    connect_timeout: address.connectTimeoutSeconds,
    // By default, the driver waits up to 20 seconds between attempts, long after a restarted server is back.
    backoff: () => 0.1,
    // Arrays are not used, and nothing catches the error if the connection is lost during this query of the driver.
    fetch_types: false,
    // By default, the driver prints notices on stdout.
    onnotice: () => {},
    ...(onClose === undefined ? {} : { onclose: onClose }),
    // Instants are read as text, so their format must not depend on the server or the database.
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

/** The pools of this process with their URLs; ending a pool twice is harmless. */
const clients = new Map<Client, string>();

/** The URL in use: a process has one server. */
export function addressInUse(): string {
  const [url = ''] = clients.values();
  return url;
}

/** Drops all connections: pending statements fail as if the server had closed them. */
export function giveUpAll(): void {
  for (const client of clients.keys()) void client.end({ timeout: 0 }).catch(() => {});
  clients.clear();
}

/** @throws {UsageError} when the URL has something unsupported */
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

/** The password for this server from `~/.pgpass` or PGPASSFILE; empty without one. */
async function passwordInFile({ hosts: [host = ''], ports, socketFolder, database, user }: PostgresAddress) {
  const { default: pgpass } = await import('pgpass');
  const name = user ?? userInfo().username;
  const server = { host: socketFolder === undefined ? host : 'localhost', port: ports[0] ?? 5432, user: name };
  return new Promise<string>((resolve) => {
    pgpass({ ...server, database: database ?? name }, (password) => resolve(password ?? ''));
  });
}

/** A pool that can be replaced after losing its server. */
export interface Pool {
  readonly client: Client;
  /** Drops a broken client: its pending statements fail, and the next statement gets a new client. */
  replace(broken: Client): void;
  close(): Promise<void>;
}

/**
 * A pool for work that survives a server restart. The driver reconnects, but sometimes never settles a statement that
 * was in flight when the connection broke; a new client avoids such statements.
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

/** `2026-11-23 05:00:00+00`, PostgreSQL's format of an instant in UTC. */
function toInstantText(text: string): string {
  return `${text.slice(0, 19).replace(' ', 'T')}Z`;
}
