import { sql } from 'drizzle-orm';

/**
 * The value of a unit of an item at average market prices; null without a price. A blueprint's price is that of its
 * original, so copies have none. Mutated modules have none, because the average says nothing about a roll.
 */
export const itemPrice = sql`CASE WHEN NOT contract_items.is_blueprint_copy AND NOT COALESCE(types.is_dynamic, FALSE)
  THEN market_prices.average_price END`;
