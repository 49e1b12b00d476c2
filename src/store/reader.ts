import type { SQL } from 'drizzle-orm';
import type { BatchSizes } from './batches.ts';

/** Reads of one moment: whatever is written meanwhile is not seen. */
export interface Reader {
  all<Row>(query: SQL): Promise<Row[]>;
  /** The rows of a query in growing batches, each read when it is asked for, and no sooner. */
  batches<Row>(query: SQL, sizes: BatchSizes): AsyncIterable<Row[]>;
}

/** A database opened for questions only. */
export interface ReadableStore {
  read<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
