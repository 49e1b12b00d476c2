import { dirname } from 'node:path';
import pLimit from 'p-limit';
import type { LockedStore } from '../backend.ts';
import { storageErrorOf } from '../failures.ts';
import { createStore } from '../operations/operations.ts';
import * as schema from '../schema/sqlite.ts';
import type { Driver } from '../script.ts';
import { sqliteBulkWriter } from './bulk.ts';
import { type Client, openForWriting } from './connection.ts';
import { contractWriter } from './contracts.ts';
import { createSqliteDriver } from './driver.ts';
import type { Lock } from './lock.ts';

/**
 * Rewrites the whole database. The copy uses a temporary file instead of memory, because its disk needs space for the
 * result anyway.
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

/** Opens a migrated database file for a pass. */
export async function openSqliteStore(path: string, lock: Lock): Promise<LockedStore> {
  const client = openForWriting(path);
  async function close(): Promise<void> {
    try {
      // Leaves a single file, which can be copied, but does not wait for readers, which may take hours; the next pass
      // does the same.
      client.pragma('busy_timeout = 0');
      client.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      client.close();
      lock.release();
    }
  }
  try {
    const driver = createSqliteDriver(client);
    const write = contractWriter(client, path);
    // A group's transaction is open across turns of the event loop, and must not take in another's statements.
    const alone = pLimit(1);
    const inTurn: Driver = {
      ...driver,
      read: (statement) => alone(() => driver.read(statement)),
      transact: (script) => alone(() => driver.transact(script)),
    };
    const store = await createStore(inTurn, schema, {
      storeContracts: (units) => alone(() => write(units)),
      writeInBulk: sqliteBulkWriter(client, path),
      // A migration has stored the planner's statistics.
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
