import { type SQL, sql } from 'drizzle-orm';
import { exchangePrice } from './facts.ts';

/**
 * An amount per unit; null for zero units. An amount next to zero counts as zero, because PostgreSQL rejects a whole
 * answer if one quotient does not fit a double.
 */
export function quotient(amount: SQL, of: SQL): SQL {
  return sql`CASE WHEN ${of} > 1e-100 THEN ${amount} / ${of} END`;
}

/** The contract offers one type and asks only for ISK, so its price is the price of that type. */
export const isSole = sql`contracts.sole_type_id IS NOT NULL AND contracts.asked_item_count = 0`;

/**
 * The price of one unit in a contract that {@link isSole}; null for others, and if the price is unknown. Auctions have
 * none: their final price is unknown before they end.
 */
export const unitPrice = sql`CASE WHEN contracts.type = 'item_exchange' AND ${isSole}
  THEN ${quotient(sql`(${exchangePrice})`, sql`contracts.sole_quantity`)} END`;
