import { type SQL, sql } from 'drizzle-orm';
import { exchangePrice } from './facts.ts';

/**
 * An amount for each of something; null where there is none of it. What is next to nothing counts as nothing: PostgreSQL
 * refuses a whole answer for one quotient that no double can hold.
 */
export function quotient(amount: SQL, of: SQL): SQL {
  return sql`CASE WHEN ${of} > 1e-100 THEN ${amount} / ${of} END`;
}

/** The contract offers one type and asks for nothing but ISK: its price is the price of what it offers. */
export const isSole = sql`contracts.sole_type_id IS NOT NULL AND contracts.asked_item_count = 0`;

/**
 * What one unit costs in a contract that {@link isSole}; null elsewhere, and where the price is not known. Auctions have
 * none: what they will go for is not known before they end.
 */
export const unitPrice = sql`CASE WHEN contracts.type = 'item_exchange' AND ${isSole}
  THEN ${quotient(sql`(${exchangePrice})`, sql`contracts.sole_quantity`)} END`;
