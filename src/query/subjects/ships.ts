import { type SQL, sql } from 'drizzle-orm';
import { quartile, ranksOf } from '../contract/quantiles.ts';
import { isSole, unitPrice } from '../contract/unit-prices.ts';
import { column, columnsIn, listSeparator } from '../engine/column.ts';
import type { Subject } from '../engine/subject.ts';
import { ownFilters } from '../filters/contract-filters.ts';
import { isShip } from '../filters/held-items.ts';
import { rowItemConditions, shipFilters } from '../filters/item-filters.ts';

const own = columnsIn('ships');

/** Types of ships on offer. Prices are per ship, from contracts that offer only ships of one type. */
export const ships: Subject = {
  kind: 'sums',
  isOfOneKey: false,
  name: 'ships',
  description: 'types of ships on offer: number of contracts, cheapest, median, and regions',
  details:
    'contracts counts item exchanges that offer only ships of this type and ask only for ISK; cheapest and median are their\n' +
    'prices per ship. auctions counts auctions of the same kind, whose price is unknown before they end; bundles counts contracts\n' +
    'that offer the ship among other items, or for items.',
  columns: {
    type_id: own('id', 'type_id', 'type of the ship'),
    ship_name: column('text', sql`types.name`, 'name of the type'),
    group_id: column('id', sql`types.group_id`, 'group of the type'),
    group_name: column('text', sql`groups.name`, 'name of the group'),
    contracts: own('number', 'contracts', 'item exchanges that offer only such ships, for ISK only'),
    auctions: own('number', 'auctions', 'auctions of the same kind'),
    bundles: own('number', 'bundles', 'contracts that offer the ship among other items, or for items'),
    cheapest: own('isk', 'cheapest', 'lowest price of one ship, in ISK'),
    cheapest_contract_id: own('id', 'cheapest_contract_id', 'contract with that price'),
    median: own('isk', 'median', 'median price of one ship, in ISK'),
    regions: own('list', 'regions', 'names of the regions with such contracts'),
  },
  sum: (condition) => sql`(${summed(condition)}) AS ships
    LEFT JOIN types ON types.type_id = ships.type_id
    LEFT JOIN groups ON groups.group_id = types.group_id`,
  key: [sql`ships.type_id`],
  order: sql`types.name NULLS LAST`,
  tableFields: ['ship_name', 'group_name', 'contracts', 'auctions', 'bundles', 'cheapest', 'median', 'regions'],
  filters: [...shipFilters, ...ownFilters],
  itemsFit: (context) => rowItemConditions(shipFilters, context),
  defaults: { state: ['listed'] },
  nested: [],
  history: sql`ships.type_id * 2`,
};

/** One row per type of ship among the items of the matching contracts. */
function summed(condition: SQL): SQL {
  return sql`
    WITH offers AS (
      SELECT contract_items.type_id, contracts.contract_id, contracts.region_id, contracts.type,
        CASE WHEN ${isSole} THEN 1 ELSE 0 END AS is_sole, ${unitPrice} AS unit_price
      FROM contracts JOIN contract_items ON contract_items.contract_id = contracts.contract_id
      WHERE contract_items.is_included AND ${isShip.sql} AND ${condition}
      GROUP BY contract_items.type_id, contracts.contract_id),
    ranked AS (
      SELECT offers.*, ${ranksOf(sql`unit_price`, sql`type_id`, sql`contract_id`)} FROM offers),
    places AS MATERIALIZED (
      SELECT type_id, string_agg(name, ${sql.raw(`'${listSeparator}'`)} ORDER BY name) AS regions
      FROM (
        SELECT DISTINCT offers.type_id, COALESCE(regions.name, CAST(offers.region_id AS text)) AS name
        FROM offers LEFT JOIN regions ON regions.region_id = offers.region_id) AS named
      GROUP BY type_id)
    SELECT ranked.type_id,
      count(CASE WHEN is_sole = 1 AND type = 'item_exchange' THEN 1 END) AS contracts,
      count(CASE WHEN is_sole = 1 AND type = 'auction' THEN 1 END) AS auctions,
      count(CASE WHEN is_sole = 0 THEN 1 END) AS bundles,
      min(unit_price) AS cheapest,
      max(CASE WHEN rank = 0 AND unit_price IS NOT NULL THEN contract_id END) AS cheapest_contract_id,
      ${quartile(2, sql`unit_price`)} AS median,
      max(places.regions) AS regions
    FROM ranked JOIN places ON places.type_id = ranked.type_id
    GROUP BY ranked.type_id`;
}
