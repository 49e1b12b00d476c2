import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { StorageError } from '../../errors.ts';
import { type LockHolder, type LockState, type LockWait, lockedError, takeWhenFree, thisProcess } from '../lock.ts';
import { labelOf } from './address.ts';
import type { Commits } from './commits.ts';
import { type Client, connect, openPool, type Session } from './connection.ts';
import { codeOf, tooManyConnections } from './errors.ts';
import { setKeepalive } from './keepalive.ts';
import { isBehindPooler } from './silence.ts';
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
  /** Whether a pooler, in session mode, is between us and the server. */
  readonly isPooled: boolean;
}

/** A connection that is ours alone answers within this time. */
const poolerPatienceMilliseconds = 10_000;

/**
 * Rejects a pooler in transaction mode: it would strand the lock on a connection that nobody can release. Such a pooler
 * gives a session another connection than before, or none, while a second session of ours uses one.
 *
 * @returns whether a pooler in session mode answers; false for a server
 * @throws {StorageError} before anything is held
 */
async function refusePooler(client: Client, url: string): Promise<boolean> {
  const pid = sql`SELECT pg_backend_pid() AS pid`;
  const backend = async (session: Session) => (await execute<{ pid: number }>(session, pid))[0]?.pid;
  // Twice, for a pooler that goes round its idle connections.
  const before = [await backend(client), await backend(client)];
  if (!(await isBehindPooler(client)) && before[0] === before[1]) return false;
  const other = connect(url, { connections: 1 });
  try {
    const after = await other.begin(async (transaction) => {
      await backend(transaction);
      return Promise.race([backend(client), sleep(poolerPatienceMilliseconds, undefined, { ref: false })]);
    });
    if (before.every((process) => process === after)) return true;
  } catch (error) {
    // With a single connection this cannot be detected.
    if (codeOf(error) === tooManyConnections) return true;
    throw error;
  } finally {
    await other.end({ timeout: 1 });
  }
  throw poolerError(url);
}

function poolerError(url: string): StorageError {
  return new StorageError(
    `${labelOf(url)} is behind a pooler in transaction mode, such as PgBouncer, and a pass needs a session: use the ` +
      'address of the server itself, or a pool in session mode',
  );
}

const heldLocks = sql`pg_locks AS held, (SELECT ${lockKey}) AS keys (a, b)
      WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND held.classid::bigint = (a::bigint & 4294967295) AND held.objid::bigint = (b::bigint & 4294967295)`;

/**
 * Takes the lock. PostgreSQL grants it again to a session that holds it. If this session holds it already, a pooler has
 * let another pass use the session, and the result is null.
 */
export const tryLock = sql`SELECT CASE
    WHEN EXISTS (SELECT FROM ${heldLocks} AND held.pid = pg_backend_pid()) THEN NULL
    ELSE pg_try_advisory_lock(${lockKey})
  END AS held`;

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
  let isPooled = false;

  async function take(): Promise<void> {
    const { client } = pool;
    isPooled = await refusePooler(client, url);
    await execute(client, setKeepalive(url, false));
    const [row] = await execute<{ held: boolean | null }>(client, tryLock).catch((error: unknown) => {
      pool.replace(client);
      throw error;
    });
    if (row?.held === null) throw poolerError(url);
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
    get isPooled() {
      return isPooled;
    },
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
      FROM (SELECT held.pid FROM ${heldLocks}) AS holder LEFT JOIN pg_stat_activity AS activity ON activity.pid = holder.pid`,
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
