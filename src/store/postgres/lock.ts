import { sql } from 'drizzle-orm';
import { StorageError } from '../../errors.ts';
import { type LockHolder, type LockState, type LockWait, lockedError, takeWhenFree, thisProcess } from '../lock.ts';
import { labelOf } from './address.ts';
import type { Commits } from './commits.ts';
import { type Client, connect, openPool, type Session } from './connection.ts';
import { codeOf, tooManyConnections } from './errors.ts';
import { execute } from './statement.ts';

/** The lock's key: this program and the schema of its tables. */
export const lockKey = sql`hashtext('hangarbay'), hashtext(current_schema())`;

const pollMilliseconds = 1_000;

/** The server holds it for as long as its connection lives. */
export interface PostgresLock {
  /**
   * Ensures that the lock is held; takes it again after its connection was lost.
   *
   * @throws {LockedError} when another process has taken it meanwhile
   * @throws {StorageError} when the server lacks committed transactions
   */
  ensure(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Rejects a pooler in transaction mode: it would strand the lock on a connection that nobody can release. Detected by
 * opening a second session while the first one's connection is in use: the pooler then gives the first session a
 * different one.
 *
 * @throws {StorageError} before anything is held
 */
async function refusePooler(client: Client, url: string): Promise<void> {
  const pid = sql`SELECT pg_backend_pid() AS pid`;
  const backend = async (session: Session) => (await execute<{ pid: number }>(session, pid))[0]?.pid;
  const before = await backend(client);
  const other = connect(url, { connections: 1 });
  try {
    const after = await other.begin(async (transaction) => {
      await backend(transaction);
      return backend(client);
    });
    if (before === after) return;
  } catch (error) {
    // With a single connection this cannot be detected.
    if (codeOf(error) === tooManyConnections) return;
    throw error;
  } finally {
    await other.end({ timeout: 1 });
  }
  throw new StorageError(
    `${labelOf(url)} is behind a pooler in transaction mode, such as PgBouncer, and a pass needs a session: use the ` +
      'address of the server itself, or a pool in session mode',
  );
}

/**
 * Takes the lock of a database: an advisory lock on a dedicated connection. Does not work through a pooler in
 * transaction mode, such as PgBouncer's.
 *
 * @param wait how long to wait for the holder to finish
 * @throws {LockedError} when another session holds it
 */
export async function acquireLock(url: string, commits: Commits, wait: LockWait = {}): Promise<PostgresLock> {
  let isHeld = false;
  const onClose = () => {
    isHeld = false;
  };
  const pool = openPool(url, { connections: 1, onClose });
  let taking: Promise<void> | undefined;

  async function take(): Promise<void> {
    const { client } = pool;
    await refusePooler(client, url);
    const query = sql`SELECT pg_try_advisory_lock(${lockKey}) AS held`;
    const [row] = await execute<{ held: boolean }>(client, query).catch((error: unknown) => {
      pool.replace(client);
      throw error;
    });
    if (row?.held !== true) throw lockedError(labelOf(url), (await lockStateOf(client)).holder);
    await commits.verify(client);
    isHeld = true;
    await execute(client, sql`SELECT set_config('application_name', ${signature()}, false)`);
  }
  const lock: PostgresLock = {
    async ensure() {
      if (isHeld) return;
      taking ??= take().finally(() => {
        taking = undefined;
      });
      await taking;
    },
    release: pool.close,
  };
  try {
    await takeWhenFree(lock.ensure, pollMilliseconds, wait);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock;
}

/**
 * The holder, stored as the session's name, which every role can read. The server truncates it to 63 bytes, so the host
 * is last.
 */
function signature(): string {
  const { since, process_id, host } = thisProcess();
  return `hangarbay ${since} ${process_id}@${host}`;
}

/** Whether a session holds the lock, and which one. */
export async function lockStateOf(session: Session): Promise<LockState> {
  const [row] = await execute<{ name: string | null }>(
    session,
    sql`SELECT activity.application_name AS name
      FROM pg_locks AS held LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid, (SELECT ${lockKey}) AS keys (a, b)
      WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND held.classid::bigint = (a::bigint & 4294967295) AND held.objid::bigint = (b::bigint & 4294967295)`,
  );
  if (row !== undefined) return { is_held: true, holder: holderNamed(row.name ?? '') };
  // Passes run against the primary, and standbys do not see its locks.
  const [server] = await execute<{ standby: boolean }>(session, sql`SELECT pg_is_in_recovery() AS standby`);
  return { is_held: server?.standby === true ? null : false, holder: null };
}

function holderNamed(name: string): LockHolder | null {
  const [, since, process_id, host] = /^hangarbay (\S+Z) (\d+)@(.+)$/.exec(name) ?? [];
  if (since === undefined || host === undefined) return null;
  return { host, process_id: Number(process_id), since };
}
