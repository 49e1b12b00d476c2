/** ESI's prices of a type, in ISK; null if absent. */
export interface MarketPrice {
  readonly type_id: number;
  /** Average traded price in all of known space. */
  readonly average_price: number | null;
  /** The price that the game uses for fees and insurance. */
  readonly adjusted_price: number | null;
}
