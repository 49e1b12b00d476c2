import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { SQL } from 'drizzle-orm';
import { type Instant, toInstant } from '../../time.ts';
import { type BatchSizes, batchSizes } from '../batches.ts';
import type { SqliteAccess } from '../location.ts';
import type { ReadableStore, Reader } from '../reader.ts';
import { openForReading } from './connection.ts';
import { compile } from './driver.ts';
import { lockStateOf } from './lock.ts';

/** Opens a migrated database file for queries, which neither wait for a running pass nor see parts of it. */
export function openSqliteReader(path: string, access?: SqliteAccess): ReadableStore {
  const client = openForReading(path, access);

  function readerAt(now: Instant): Reader {
    function statement(query: SQL) {
      const { text, parameters } = compile(query, { now });
      return client.prepare(text).bind(...parameters);
    }
    return {
      now,
      async all<Row>(query: SQL) {
        return statement(query).all() as Row[];
      },
      async *batches<Row>(query: SQL, sizes: BatchSizes) {
        const growing = batchSizes(sizes);
        let size = growing.next().value;
        let batch: Row[] = [];
        for (const row of statement(query).iterate()) {
          batch.push(row as Row);
          if (batch.length < size) continue;
          yield batch;
          // The driver and file writes are synchronous: without this, memory of statements would not be freed in
          // between.
          await setImmediate();
          size = growing.next().value;
          batch = [];
        }
        if (batch.length > 0) yield batch;
      },
    };
  }

  return {
    async read(work, now = toInstant(new Date())) {
      client.exec('BEGIN');
      try {
        return await work(readerAt(now));
      } finally {
        // Some disk failures have already ended the transaction.
        if (client.inTransaction) client.exec('COMMIT');
      }
    },
    async lockState() {
      return lockStateOf(path);
    },
    async bytes() {
      const sizes = ['', '-wal'].map((end) => statSync(path + end, { throwIfNoEntry: false })?.size ?? 0);
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async close() {
      client.close();
    },
  };
}
