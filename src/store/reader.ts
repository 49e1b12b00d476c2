import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../time.ts';
import type { BatchSizes } from './batches.ts';
import type { LockState } from './lock.ts';

/** In statements: the time of the reader's snapshot. */
export const now = sql.placeholder('now');

/** Reads one snapshot: later writes are invisible. */
export interface Reader {
  /** The time of the snapshot, {@link now} in statements. */
  readonly now: Instant;
  all<Row>(query: SQL): Promise<Row[]>;
  /** The rows of a query in growing batches, each read on demand. */
  batches<Row>(query: SQL, sizes: BatchSizes): AsyncIterable<Row[]>;
}

/** A database opened for queries only. */
export interface ReadableStore {
  /** @param now time of the reader, if not the present */
  read<Result>(work: (reader: Reader) => Promise<Result>, now?: Instant): Promise<Result>;
  /** Whether a process holds the database's lock. */
  lockState(): Promise<LockState>;
  /** The size of the database on disk. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}
