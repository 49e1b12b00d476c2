import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { LockedStore } from '../open.ts';
import { createStore } from '../operations.ts';
import { openForWriting } from './connection.ts';
import { contractWriter } from './contracts.ts';
import { createSqliteDriver } from './driver.ts';
import type { Lock } from './lock.ts';

/** Opens a migrated database file as the pass's store. */
export async function openSqliteStore(path: string, lock: Lock): Promise<LockedStore> {
  const client = openForWriting(path);
  return {
    store: await createStore(createSqliteDriver(client), {
      ...contractWriter(drizzle({ client })),
      async analyze() {
        client.pragma('analysis_limit = 1000');
        client.pragma('optimize');
      },
    }),
    async close() {
      // Leaves a database of one file behind, which a person can copy.
      client.pragma('wal_checkpoint(TRUNCATE)');
      client.close();
      lock.release();
    },
  };
}
