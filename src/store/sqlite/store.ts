import { dirname } from 'node:path';
import type { LockedStore } from '../backend.ts';
import { storageErrorOf } from '../failures.ts';
import { createStore } from '../operations/operations.ts';
import * as schema from '../schema/sqlite.ts';
import { sqliteBulkWriter } from './bulk.ts';
import { type Client, openForWriting } from './connection.ts';
import { contractWriter } from './contracts.ts';
import { createSqliteDriver } from './driver.ts';
import type { Lock } from './lock.ts';

/**
 * Writes the whole database again. Its copy would be built in memory, where temporary tables are; a file for it goes where
 * there must be room for the result anyway.
 */
function vacuum(client: Client, path: string): void {
  process.env.SQLITE_TMPDIR ??= dirname(path);
  client.pragma('temp_store = FILE');
  try {
    client.exec('VACUUM');
  } catch (error) {
    throw storageErrorOf(error, `the database ${path}`) ?? error;
  } finally {
    client.pragma('temp_store = MEMORY');
  }
}

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
      writeInBulk: sqliteBulkWriter(client, path),
      // A migration has put down what the planner is to believe.
      async analyze() {},
      async vacuum() {
        vacuum(client, path);
      },
    });
    return { store, close };
  } catch (error) {
    client.close();
    throw storageErrorOf(error, `the database ${path}`) ?? error;
  }
}
