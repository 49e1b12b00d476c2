import { sql } from 'drizzle-orm';
import { LockedError, StorageError } from '../../errors.ts';
import { labelOf } from './address.ts';
import type { Commits } from './commits.ts';
import { type Client, connect, openPool, type Session } from './connection.ts';
import { codeOf, tooManyConnections } from './errors.ts';
import { execute } from './statement.ts';

/** The lock's key: of this program, and of the schema that its tables are in. */
export const lockKey = sql`hashtext('hangarbay'), hashtext(current_schema())`;

/** Held by the server for exactly as long as its connection lives. */
export interface PostgresLock {
  /**
   * Makes sure that the lock is held: takes it again when its connection was lost.
   *
   * @throws {LockedError} when somebody else has taken it meanwhile
   * @throws {StorageError} when the server lacks what was committed before
   */
  ensure(): Promise<void>;
  release(): Promise<void>;
}

/**
 * A pooler that gives each transaction another connection would strand a lock on one of them, where nobody can free it.
 * The sign of such a pooler: while another session of ours holds the connection that it gave us before, it gives us another.
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
    // With one connection and no other nothing can be told.
    if (codeOf(error) === tooManyConnections) return;
    throw error;
  } finally {
    await other.end({ timeout: 1 });
  }
  throw new StorageError(
    `${labelOf(url)} is behind a pooler in transaction mode, such as PgBouncer, and a pass needs its own session: name the ` +
      'address of the server itself, or a pool in session mode',
  );
}

/**
 * Takes the lock of a database: an advisory lock on a connection of its own. It cannot work through a pooler that gives
 * each transaction another connection, such as PgBouncer in transaction mode.
 *
 * @throws {LockedError} when another session holds it
 */
export async function acquireLock(url: string, commits: Commits): Promise<PostgresLock> {
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
    if (row?.held !== true) throw new LockedError(`another pass holds the lock of ${labelOf(url)}`);
    await commits.verify(client);
    isHeld = true;
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
    await lock.ensure();
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock;
}
