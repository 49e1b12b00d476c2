import type { Instant } from '../../time.ts';

/** What upkeep hands to a database, and gets from it. */

export interface PruneOptions {
  /** Contracts that went before are removed. */
  readonly gone_before: Instant;
  /** Whether those stay that are known to have been sold: outcomes `sold` and `accepted`. */
  readonly keep_sold: boolean;
}

export interface PrunedCounts {
  readonly contracts: number;
  readonly items: number;
  readonly bids: number;
}
