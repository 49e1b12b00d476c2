import { sql } from 'drizzle-orm';
import { LockedError } from '../../errors.ts';
import { execute, labelOf, openPool } from './connection.ts';

/** The lock's key: of this program, and of the schema that its tables are in. */
export const lockKey = sql`hashtext('hangarbay'), hashtext(current_schema())`;

/** Held by the server for exactly as long as its connection lives. */
export interface PostgresLock {
  /**
   * Makes sure that the lock is held: takes it again when its connection was lost.
   *
   * @throws {LockedError} when somebody else has taken it meanwhile
   */
  ensure(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a database: an advisory lock on a connection of its own. It cannot work through a pooler that gives
 * each transaction another connection, such as PgBouncer in transaction mode.
 *
 * @throws {LockedError} when another session holds it
 */
export async function acquireLock(url: string): Promise<PostgresLock> {
  let isHeld = false;
  const onClose = () => {
    isHeld = false;
  };
  const pool = openPool(url, { connections: 1, onClose });
  let taking: Promise<void> | undefined;

  async function take(): Promise<void> {
    const { client } = pool;
    const query = sql`SELECT pg_try_advisory_lock(${lockKey}) AS held`;
    const [row] = await execute<{ held: boolean }>(client, query, false).catch((error: unknown) => {
      pool.replace(client);
      throw error;
    });
    if (row?.held !== true) throw new LockedError(`another pass holds the lock of ${labelOf(url)}`);
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
