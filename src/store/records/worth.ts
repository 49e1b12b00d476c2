import type { MarketPrice } from '../../eve/market-price.ts';
import type { Roll } from '../../eve/roll.ts';
import type { Instant } from '../../time.ts';

/** What a pass hands to its database about prices, ways, rolls and outcomes, and gets from it. */

/** An answer with the market's prices. */
export interface MarketPrices {
  readonly prices: readonly MarketPrice[];
  /** When ESI made it. */
  readonly as_of: Instant;
  readonly expires_at: Instant;
  readonly etag: string | null;
}

/** What a star map is made of. */
export interface StarMapData {
  readonly security: ReadonlyMap<number, number>;
  readonly gates: readonly (readonly [from: number, to: number])[];
}

/** A mutated module on offer whose roll is not known. */
export interface DueRoll {
  readonly item_id: number;
  readonly type_id: number;
  /** Failed attempts so far. */
  readonly attempts: number;
}

export interface FetchedRoll extends Roll {
  readonly item_id: number;
  readonly fetched_at: Instant;
}

/** A roll that came with the contract that offers the module. */
export interface ArchivedRoll extends FetchedRoll {
  readonly type_id: number;
  readonly contract_id: number;
}

export interface RollPostponement {
  readonly item_id: number;
  readonly attempts: number;
  /** Null where there is nothing to try. */
  readonly next_attempt_at: Instant | null;
  readonly last_answer: string;
  readonly is_unknown: boolean;
}

/** What ESI said when it was asked once more about a contract that is gone. */
export interface Evidence {
  readonly contract_id: number;
  readonly at: Instant;
  /** Null where there was no usable answer. */
  readonly status: number | null;
  readonly answer: string;
  /** Null where nothing follows from it. */
  readonly outcome: 'accepted' | 'withdrawn_or_unknown' | null;
}
