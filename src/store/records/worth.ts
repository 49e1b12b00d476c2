import type { MarketPrice } from '../../eve/market-price.ts';
import type { Roll } from '../../eve/roll.ts';
import type { Instant } from '../../time.ts';

/** Data about prices, routes, rolls and outcomes that a pass exchanges with its database. */

/** An answer with the market prices. */
export interface MarketPrices {
  readonly prices: readonly MarketPrice[];
  /** When ESI made the prices. */
  readonly as_of: Instant;
  readonly expires_at: Instant;
  readonly etag: string | null;
}

/** The data for a star map. */
export interface StarMapData {
  readonly security: ReadonlyMap<number, number>;
  readonly gates: readonly (readonly [from: number, to: number])[];
}

/** A mutated module on offer without a known roll. */
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

/** A roll from an archive, with the contract that offers the module. */
export interface ArchivedRoll extends FetchedRoll {
  readonly type_id: number;
  readonly contract_id: number;
}

export interface RollPostponement {
  readonly item_id: number;
  readonly attempts: number;
  /** Null if there is nothing to try. */
  readonly next_attempt_at: Instant | null;
  readonly last_answer: string;
  readonly is_unknown: boolean;
}

/** ESI's answer when it was asked again about a gone contract. */
export interface Evidence {
  readonly contract_id: number;
  readonly at: Instant;
  /** Null without a usable answer. */
  readonly status: number | null;
  readonly answer: string;
  /** Null if the answer proves nothing. */
  readonly outcome: 'accepted' | 'withdrawn_or_unknown' | null;
}
