import { sql } from 'drizzle-orm';
import { type Column, column, columnsIn } from '../engine/column.ts';
import { type Join, leftJoin } from '../engine/joins.ts';
import { direction, effectivePrice, endLocation, isSystem, shipTypeId, startLocation, state } from './facts.ts';

const own = columnsIn('contracts');

/** A location is a station, or a solar system for items in space. The systems of player structures are not public. */
const startSystemId = sql`COALESCE(start_station.system_id,
  CASE WHEN ${isSystem(startLocation)} THEN ${startLocation} END)`;

/** The columns of a contract, for use with {@link contractJoins}. */
export const contractColumns = {
  contract_id: own('id', 'contract_id', 'id of the contract'),
  type: own('text', 'type', 'item_exchange, auction, courier, or another type that ESI sends'),
  title: own('text', 'title', 'title, written by the issuer'),
  price: own('isk', 'price', 'price of an item exchange, or starting price of an auction, in ISK'),
  reward: own('isk', 'reward', 'amount that the issuer pays to the acceptor, in ISK'),
  collateral: own('isk', 'collateral', 'collateral of a courier contract, in ISK'),
  buyout: own('isk', 'buyout', 'buyout price of an auction, in ISK'),
  volume: own('number', 'volume', 'volume of the items, in m³'),
  days_to_complete: own('number', 'days_to_complete', 'days to complete a courier contract'),
  for_corporation: own('boolean', 'for_corporation', "issued on behalf of the issuer's corporation"),
  date_issued: own('instant', 'date_issued', 'when it was issued'),
  date_expired: own('instant', 'date_expired', 'when it expires'),
  issuer_id: own('id', 'issuer_id', 'character who issued it'),
  issuer_corporation_id: own('id', 'issuer_corporation_id', "the issuer's corporation"),
  start_location_id: own('id', 'start_location_id', 'station, structure or system where the items are'),
  end_location_id: own('id', 'end_location_id', 'end location of a courier contract'),
  region_id: own('id', 'region_id', 'region whose list shows it'),
  region_name: column('text', sql`regions.name`, 'name of that region'),
  system_id: column(
    'id',
    startSystemId,
    'solar system of the start location; of player structures, if a list of them was imported',
  ),
  system_name: column('text', sql`start_system.name`, 'name of that system'),
  start_location_name: column(
    'text',
    sql`COALESCE(start_station.name, CASE WHEN ${isSystem(startLocation)} THEN start_system.name END)`,
    'name of the start location; of player structures, if a list of them was imported',
  ),
  end_location_name: column(
    'text',
    sql`COALESCE(end_station.name, end_system.name)`,
    'name of the end location; of player structures, if a list of them was imported',
  ),
  start_location_is_imported: column(
    'boolean',
    sql`COALESCE(start_station.is_imported, FALSE)`,
    'true if the name and system of the start location are from an imported list',
  ),
  issuer_name: column('text', sql`issuer.name`, 'name of the issuer'),
  issuer_corporation_name: column('text', sql`issuer_corporation.name`, "name of the issuer's corporation"),
  state: column('text', state, 'listed, expired (past its expiry and still listed) or gone'),
  outcome: own(
    'text',
    'outcome',
    'outcome of a gone contract: sold, accepted, expired, withdrawn_or_unknown or unknown',
  ),
  direction: column('text', direction, 'sell (offers items), buy (asks for items) or barter (both)'),
  effective_price: column(
    'isk',
    effectivePrice,
    'price minus reward, or the highest bid of an auction, in ISK; negative if the issuer pays',
  ),
  first_seen_at: own('instant', 'first_seen_at', 'when a list first showed it'),
  last_seen_at: own('instant', 'last_seen_at', 'when a list last showed it'),
  gone_at: own('instant', 'gone_at', 'when it was found to be gone'),
  item_count: own('number', 'item_count', 'stacks of items, offered and asked for; null if unknown'),
  ship_type_id: column('id', shipTypeId, 'type of the offered ship, if all offered ships are of one type'),
  ship_name: column(
    'text',
    sql`(SELECT ship.name FROM types AS ship WHERE ship.type_id = ${shipTypeId})`,
    'name of that ship',
  ),
  security_status: column(
    'number',
    sql`start_system.security_status`,
    'security status of the system, from -1 to 1; 0.45 and above is high security',
  ),
  estimated_value: column(
    'isk',
    sql`worth.estimated_value`,
    'value of the offered items minus that of the wanted items, at average market prices, in ISK; null if nothing has a price',
  ),
  unpriced_item_count: column(
    'number',
    sql`worth.unpriced_item_count`,
    'stacks without a value: blueprint copies, mutated modules, types without a price',
  ),
  margin: column(
    'isk',
    sql`worth.estimated_value - ${effectivePrice}`,
    'estimated_value minus effective_price, in ISK',
  ),
  constellation_name: column('text', sql`constellation.name`, 'name of the constellation of the system'),
} satisfies Record<string, Column>;

/** Columns for place and time that several subjects share. */
export const placeAndTime = [
  'region_id',
  'region_name',
  'system_id',
  'system_name',
  'start_location_id',
  'start_location_name',
  'date_issued',
  'date_expired',
  'state',
] as const satisfies (keyof typeof contractColumns)[];

/** The contract of a row, for subjects with `contracts` among their tables. */
export const ownContract = { id: sql`contracts.contract_id`, system: startSystemId };

/** The joins that {@link contractColumns} need. */
export const contractJoins: readonly Join[] = [
  leftJoin(sql`regions`, 'regions', sql`regions.region_id = contracts.region_id`),
  leftJoin(sql`locations`, 'start_station', sql`start_station.location_id = ${startLocation}`),
  leftJoin(sql`locations`, 'end_station', sql`end_station.location_id = ${endLocation}`),
  leftJoin(sql`systems`, 'start_system', sql`start_system.system_id = ${startSystemId}`),
  leftJoin(sql`names`, 'constellation', sql`constellation.id = start_system.constellation_id`),
  leftJoin(sql`systems`, 'end_system', sql`end_system.system_id = ${endLocation}`),
  leftJoin(sql`contract_values`, 'worth', sql`worth.contract_id = contracts.contract_id`),
  leftJoin(sql`names`, 'issuer', sql`issuer.id = contracts.issuer_id`),
  leftJoin(sql`names`, 'issuer_corporation', sql`issuer_corporation.id = contracts.issuer_corporation_id`),
];
