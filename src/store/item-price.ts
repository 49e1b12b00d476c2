import { sql } from 'drizzle-orm';

/**
 * What a unit of an item is worth at the average prices of the market; null where nothing says so. The price of a blueprint
 * is that of its original, and mutated modules are worth what they have become.
 */
export const itemPrice = sql`CASE WHEN NOT contract_items.is_blueprint_copy AND NOT COALESCE(types.is_dynamic, FALSE)
  THEN market_prices.average_price END`;
