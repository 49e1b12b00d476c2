import { sql } from 'drizzle-orm';
import { addressOf } from './connection.ts';

/**
 * Makes the server end a session and release its locks when the host has been silent for 25 seconds, a little longer than a
 * pass waits for a server. The default of Linux is two hours.
 */
const settings: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000',
};

/** The parameters that the URL does not set, for new sessions. */
export function keepaliveParameters(url: string): Readonly<Record<string, string>> {
  const { parameters } = addressOf(url);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => parameters[name] === undefined));
}

/**
 * Sets them for an open session, because PgBouncer accepts none at connection.
 *
 * @param isLocal whether they apply only to the current transaction
 */
export function setKeepalive(url: string, isLocal: boolean) {
  const calls = Object.entries(keepaliveParameters(url)).map(
    ([name, value]) => sql`set_config(${name}, ${value}, ${isLocal})`,
  );
  return sql`SELECT ${sql.join([sql`1`, ...calls], sql`, `)}`;
}
