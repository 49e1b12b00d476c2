import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../time.ts';
import type { BatchSizes } from './batches.ts';
import type { LockState } from './lock.ts';

/** In statements: the moment of the reader that runs them. */
export const now = sql.placeholder('now');

/** Reads of one moment: whatever is written meanwhile is not seen. */
export interface Reader {
  /** The moment, which statements have as {@link now}. */
  readonly now: Instant;
  all<Row>(query: SQL): Promise<Row[]>;
  /** The rows of a query in growing batches, each read when it is asked for, and no sooner. */
  batches<Row>(query: SQL, sizes: BatchSizes): AsyncIterable<Row[]>;
}

/** A database opened for questions only. */
export interface ReadableStore {
  /** @param now the moment of the reader, unless it is the present */
  read<Result>(work: (reader: Reader) => Promise<Result>, now?: Instant): Promise<Result>;
  /** Whether a pass, or what else needs the lock, is at work now. */
  lockState(): Promise<LockState>;
  /** How much room the database takes on its disk. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}
