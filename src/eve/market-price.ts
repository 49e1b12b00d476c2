/** What ESI says a type is worth, in ISK; null where it does not say. */
export interface MarketPrice {
  readonly type_id: number;
  /** What it was traded for on average, over all of known space. */
  readonly average_price: number | null;
  /** What the game reckons with for fees and insurance. */
  readonly adjusted_price: number | null;
}
