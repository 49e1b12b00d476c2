import type { Instant } from '../../time.ts';

/** Data of maintenance operations on the database. */

export interface PruneOptions {
  /** Contracts gone before this instant are removed. */
  readonly gone_before: Instant;
  /** Whether to keep contracts that are known to be sold: outcomes `sold` and `accepted`. */
  readonly keep_sold: boolean;
}

export interface PrunedCounts {
  readonly contracts: number;
  readonly items: number;
  readonly bids: number;
}
