import { type SQL, sql } from 'drizzle-orm';
import { shipCategoryId, structures, systems } from '../../eve/id-ranges.ts';
import { now } from '../../store/reader.ts';

/** Facts about a row of `contracts` as expressions, for columns and filters. */

/** `gone` if a complete sweep no longer listed it; else `expired` past its expiry; else `listed`. */
export const state = sql`CASE WHEN contracts.gone_at IS NOT NULL THEN 'gone'
    WHEN contracts.date_expired <= ${now} THEN 'expired' ELSE 'listed' END`;

/** Whether {@link state} has this value, as a condition that an index supports. */
export const isInState = {
  listed: sql`(contracts.gone_at IS NULL AND contracts.date_expired > ${now})`,
  expired: sql`(contracts.gone_at IS NULL AND contracts.date_expired <= ${now})`,
  gone: sql`contracts.gone_at IS NOT NULL`,
} as const;

/** The condition of each direction. A contract without items has no direction. */
export const isInDirection: Readonly<Record<string, SQL>> = {
  sell: sql`contracts.item_count > 0 AND contracts.asked_item_count = 0`,
  buy: sql`contracts.item_count > 0 AND contracts.asked_item_count = contracts.item_count`,
  barter: sql`contracts.asked_item_count > 0 AND contracts.asked_item_count < contracts.item_count`,
};

/**
 * The direction of the exchange: items for a price (`sell`), a price for items (`buy`), or items for items (`barter`).
 */
export const direction = sql`CASE ${sql.join(
  Object.entries(isInDirection).map(([word, condition]) => sql`WHEN ${condition} THEN ${sql.raw(`'${word}'`)}`),
  sql` `,
)} END`;

/** Price minus reward of an item exchange, in ISK; an absent reward is 0. Negative if the issuer pays. */
export const exchangePrice = sql`contracts.price - COALESCE(contracts.reward, 0)`;

/** The {@link exchangePrice}, or the amount that an auction's next bidder has to beat; null if unknown. */
export const effectivePrice = sql`CASE contracts.type
  WHEN 'item_exchange' THEN ${exchangePrice}
  WHEN 'auction' THEN COALESCE(
    (SELECT max(contract_bids.amount) FROM contract_bids WHERE contract_bids.contract_id = contracts.contract_id),
    contracts.price) END`;

/** The value of a contract's items, and the number of items without a price: see `contract_values`. */
const worth = (column: SQL) => sql`(
  SELECT ${column} FROM contract_values AS worth WHERE worth.contract_id = contracts.contract_id)`;
export const estimatedValue = worth(sql`worth.estimated_value`);
export const unpricedItemCount = worth(sql`worth.unpriced_item_count`);
export const margin = sql`${estimatedValue} - ${effectivePrice}`;

/** Whether a location is a solar system, as for items in space. */
export const isSystem = (location: SQL) => sql`${location} BETWEEN ${systems.first} AND ${systems.last}`;

/** Whether a location is a player structure. */
export const isStructure = (location: SQL) => sql`${location} >= ${sql.raw(String(structures.first))}`;

export const startLocation = sql`contracts.start_location_id`;
export const endLocation = sql`contracts.end_location_id`;

/** The type of the offered ships; null if the contract offers no ship, or ships of several types. */
export const shipTypeId = sql`CASE WHEN contracts.item_count > 0 THEN (
  SELECT CASE WHEN count(DISTINCT contract_items.type_id) = 1 THEN min(contract_items.type_id) END
  FROM contract_items
  JOIN types ON types.type_id = contract_items.type_id
  JOIN groups ON groups.group_id = types.group_id
  WHERE contract_items.contract_id = contracts.contract_id
    AND contract_items.is_included AND groups.category_id = ${shipCategoryId}) END`;
