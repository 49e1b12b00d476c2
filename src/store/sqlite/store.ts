import { createStore } from '../operations.ts';
import type { Store } from '../store.ts';
import { openForWriting } from './connection.ts';
import { contractWriter } from './contracts.ts';
import { createSqliteDriver } from './driver.ts';

/** Opens a migrated database file as the pass's store. The caller holds the lock. */
export async function openSqliteStore(path: string): Promise<Store> {
  const database = openForWriting(path);
  const client = database.$client;
  return createStore(createSqliteDriver(client), {
    ...contractWriter(database),
    async close() {
      // Leaves a database of one file behind, which a person can copy.
      client.pragma('wal_checkpoint(TRUNCATE)');
      client.close();
    },
  });
}
