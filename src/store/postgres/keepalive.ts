import { sql } from 'drizzle-orm';
import { addressOf } from './connection.ts';

/**
 * After how long the server gives up a session whose host has gone without a word, and frees its locks: 25 seconds of
 * silence, a little more than a pass waits for a server. By default Linux takes two hours.
 */
const settings: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000',
};

/** Those that a URL does not set by itself, for sessions that are opened with them. */
export function keepaliveParameters(url: string): Readonly<Record<string, string>> {
  const { parameters } = addressOf(url);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => parameters[name] === undefined));
}

/**
 * Sets them for a session that is open, since PgBouncer takes none when it is connected to.
 *
 * @param isLocal for the transaction alone
 */
export function setKeepalive(url: string, isLocal: boolean) {
  const calls = Object.entries(keepaliveParameters(url)).map(
    ([name, value]) => sql`set_config(${name}, ${value}, ${isLocal})`,
  );
  return sql`SELECT ${sql.join([sql`1`, ...calls], sql`, `)}`;
}
