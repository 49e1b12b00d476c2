import { sql } from 'drizzle-orm';
import { shipCategoryId, systems } from '../../eve/id-ranges.ts';
import type { Instant } from '../../time.ts';
import { column, columnsIn, joined } from '../engine/columns.ts';
import type { Column } from '../engine/subject.ts';
import { direction } from '../filters/contract-filters.ts';
import { effectivePrice } from '../filters/money-filters.ts';
import { stateOf } from '../filters/time-filters.ts';

const own = columnsIn('contracts');

const isSystem = (name: string) => sql`contracts.${sql.identifier(name)} BETWEEN ${systems.first} AND ${systems.last}`;
/** A location is a station, or a system where the items float in space; the names of player structures are not public. */
const startSystemId = sql`COALESCE(start_station.system_id,
  CASE WHEN ${isSystem('start_location_id')} THEN contracts.start_location_id END)`;

/** The only type of ship that the contract offers; null when it offers none, or ships of several types. */
const shipTypeId = sql`CASE WHEN contracts.item_count > 0 THEN (
  SELECT CASE WHEN count(DISTINCT contract_items.type_id) = 1 THEN min(contract_items.type_id) END
  FROM contract_items
  JOIN types ON types.type_id = contract_items.type_id
  JOIN groups ON groups.group_id = types.group_id
  WHERE contract_items.contract_id = contracts.contract_id
    AND contract_items.is_included AND groups.category_id = ${shipCategoryId}) END`;

/** The columns of a contract, as of `now`. */
export function contractColumns(now: Instant) {
  return {
    contract_id: own('id', 'contract_id'),
    type: own('text', 'type'),
    title: own('text', 'title'),
    price: own('isk', 'price'),
    reward: own('isk', 'reward'),
    collateral: own('isk', 'collateral'),
    buyout: own('isk', 'buyout'),
    volume: own('number', 'volume'),
    days_to_complete: own('number', 'days_to_complete'),
    for_corporation: own('flag', 'for_corporation'),
    date_issued: own('instant', 'date_issued'),
    date_expired: own('instant', 'date_expired'),
    issuer_id: own('id', 'issuer_id'),
    issuer_corporation_id: own('id', 'issuer_corporation_id'),
    start_location_id: own('id', 'start_location_id'),
    end_location_id: own('id', 'end_location_id'),
    region_id: own('id', 'region_id'),
    region_name: joined('text', sql`regions.name`),
    system_id: joined('id', startSystemId),
    system_name: joined('text', sql`start_system.name`),
    start_location_name: joined(
      'text',
      sql`COALESCE(start_station.name, CASE WHEN ${isSystem('start_location_id')} THEN start_system.name END)`,
    ),
    end_location_name: joined('text', sql`COALESCE(end_station.name, end_system.name)`),
    issuer_name: joined('text', sql`issuer.name`),
    issuer_corporation_name: joined('text', sql`issuer_corporation.name`),
    state: column('text', stateOf(now)),
    outcome: own('text', 'outcome'),
    direction: column('text', direction),
    effective_price: column('isk', effectivePrice),
    first_seen_at: own('instant', 'first_seen_at'),
    last_seen_at: own('instant', 'last_seen_at'),
    gone_at: own('instant', 'gone_at'),
    item_count: own('number', 'item_count'),
    ship_type_id: column('id', shipTypeId),
    ship_name: column('text', sql`(SELECT ship.name FROM types AS ship WHERE ship.type_id = ${shipTypeId})`),
  } satisfies Record<string, Column>;
}

/** The contract that a row is of, where `contracts` is among its tables. */
export const ownContract = { id: sql`contracts.contract_id`, system: startSystemId };

/** What {@link contractColumns} need beside the contracts. */
export const contractJoins = sql`
  LEFT JOIN regions ON regions.region_id = contracts.region_id
  LEFT JOIN locations AS start_station ON start_station.location_id = contracts.start_location_id
  LEFT JOIN locations AS end_station ON end_station.location_id = contracts.end_location_id
  LEFT JOIN systems AS start_system ON start_system.system_id = ${startSystemId}
  LEFT JOIN systems AS end_system ON end_system.system_id = contracts.end_location_id
  LEFT JOIN names AS issuer ON issuer.id = contracts.issuer_id
  LEFT JOIN names AS issuer_corporation ON issuer_corporation.id = contracts.issuer_corporation_id`;
