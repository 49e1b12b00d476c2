import type { LockedStore } from '../backend.ts';
import { storageErrorOf } from '../failures.ts';
import { createStore } from '../operations/operations.ts';
import * as schema from '../schema/sqlite.ts';
import { openForWriting } from './connection.ts';
import { contractWriter } from './contracts.ts';
import { createSqliteDriver } from './driver.ts';
import type { Lock } from './lock.ts';

/** Opens a migrated database file as the pass's store. */
export async function openSqliteStore(path: string, lock: Lock): Promise<LockedStore> {
  const client = openForWriting(path);
  async function close(): Promise<void> {
    try {
      // Leaves a database of one file behind, which a person can copy; but whoever reads on is not waited for, since
      // that may take all night, and the next pass does it as well.
      client.pragma('busy_timeout = 0');
      client.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      client.close();
      lock.release();
    }
  }
  try {
    const store = await createStore(createSqliteDriver(client), schema, {
      storeContracts: contractWriter(client, path),
      // A migration has put down what the planner is to believe.
      async analyze() {},
    });
    return { store, close };
  } catch (error) {
    client.close();
    throw storageErrorOf(error, `the database ${path}`) ?? error;
  }
}
