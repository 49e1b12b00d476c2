import type { Instant } from '../time.ts';

/**
 * A public contract as listed. The field names are ESI's; an absent optional field is null, never zero. ISK and m³ are
 * doubles.
 */
export interface Contract {
  readonly contract_id: number;
  /** `item_exchange`, `auction`, `courier`, or another type that ESI sends. */
  readonly type: string;
  readonly title: string | null;
  readonly price: number | null;
  readonly reward: number | null;
  readonly collateral: number | null;
  readonly buyout: number | null;
  readonly volume: number | null;
  readonly days_to_complete: number | null;
  /** ESI sends it only when true. */
  readonly for_corporation: boolean;
  readonly date_issued: Instant;
  readonly date_expired: Instant;
  readonly issuer_id: number;
  readonly issuer_corporation_id: number;
  readonly start_location_id: number | null;
  readonly end_location_id: number | null;
}

/** A stack of items in a contract. `record_id` is unique within the contract; types may repeat. */
export interface Item {
  readonly record_id: number;
  readonly type_id: number;
  readonly quantity: number;
  /** True for an offered item, false for a wanted one. */
  readonly is_included: boolean;
  /** ESI sends it only when true. */
  readonly is_blueprint_copy: boolean;
  readonly item_id: number | null;
  readonly material_efficiency: number | null;
  readonly time_efficiency: number | null;
  readonly runs: number | null;
}

/** A bid on an auction; ESI does not publish the bidder. `amount` is in ISK. */
export interface Bid {
  readonly bid_id: number;
  readonly amount: number;
  readonly date_bid: Instant;
}

/** The types of contract that always have items. */
export const typesWithItems: readonly string[] = ['item_exchange', 'auction'];
/** The types of contract whose items ESI never shows. */
export const typesWithoutItems: readonly string[] = ['courier'];
