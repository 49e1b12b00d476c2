import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import { contractColumns, contractJoins, ownContract } from '../contract/columns.ts';
import { regionsByConstellation } from '../contract/constellations.ts';
import { endLocation, isStructure, startLocation } from '../contract/facts.ts';
import { quotient } from '../contract/unit-prices.ts';
import { column, pick } from '../engine/column.ts';
import type { Filter } from '../engine/filter.ts';
import { leftJoin } from '../engine/joins.ts';
import type { Subject } from '../engine/subject.ts';
import { ownFilters } from '../filters/contract-filters.ts';
import { bounds } from '../filters/money-filters.ts';
import { endFilters } from '../filters/place-filters.ts';
import { routeFilters } from '../filters/route-filters.ts';

/** These do not apply to couriers: ESI does not show their items, and they have no price. */
const otherFilters = [
  'type',
  'direction',
  'search',
  'min-price',
  'max-price',
  'min-effective-price',
  'max-effective-price',
];

const noStructures: Filter = {
  name: 'no-structures',
  description: 'neither starts nor ends in a player structure, which may refuse the hauler',
  condition: () =>
    sql`COALESCE(NOT ${isStructure(startLocation)}, TRUE) AND COALESCE(NOT ${isStructure(endLocation)}, TRUE)`,
};

const rewardPerVolume = quotient(sql`contracts.reward`, sql`contracts.volume`);
/** The system of a courier contract's end. */
const endSystem = sql`COALESCE(end_station.system_id, end_system.system_id)`;

const termFilters: readonly Filter[] = [
  ...routeFilters,
  ...bounds('reward-per-m3', rewardPerVolume, 'reward per m³'),
  ...bounds('days', sql`contracts.days_to_complete`, 'days to complete'),
];

/** Courier contracts, with the columns that haulers need. */
export const couriers: Subject = {
  kind: 'rows',
  name: 'couriers',
  description: 'courier contracts: reward by volume and by collateral, days, start and end',
  columns: {
    ...pick(contractColumns, ['contract_id', 'title', 'reward', 'collateral', 'volume']),
    reward_per_m3: column('isk', rewardPerVolume, 'reward per m³, in ISK'),
    reward_to_collateral: column(
      'number',
      quotient(sql`contracts.reward`, sql`contracts.collateral`),
      'reward divided by collateral',
    ),
    days_to_complete: contractColumns.days_to_complete,
    jumps: column('number', sql`route.jumps`, 'jumps on the shortest route; null without a route or static data'),
    jumps_secure: column(
      'number',
      sql`route.jumps_secure`,
      'jumps on the shortest route through high security only, ends included',
    ),
    lowest_security: column(
      'number',
      sql`route.lowest_security`,
      'lowest security status on the shortest route, ends included',
    ),
    reward_per_jump: column(
      'isk',
      quotient(sql`contracts.reward`, sql`route.jumps`),
      'reward per jump on the shortest route, in ISK',
    ),
    start_location_id: contractColumns.start_location_id,
    start_location_name: contractColumns.start_location_name,
    start_is_structure: column('boolean', isStructure(startLocation), 'starts in a player structure'),
    start_system_id: contractColumns.system_id,
    start_system_name: contractColumns.system_name,
    start_region_id: contractColumns.region_id,
    start_region_name: contractColumns.region_name,
    end_location_id: contractColumns.end_location_id,
    end_location_name: contractColumns.end_location_name,
    end_is_structure: column('boolean', isStructure(endLocation), 'ends in a player structure'),
    end_system_id: column('id', sql`end_place.system_id`, 'solar system of the end; null for player structures'),
    end_system_name: column('text', sql`end_place.name`, 'name of that system'),
    end_region_id: column('id', sql`end_region.region_id`, 'region of the end; null for player structures'),
    end_region_name: column('text', sql`end_region.name`, 'name of that region'),
    ...pick(contractColumns, [
      'issuer_id',
      'issuer_name',
      'date_issued',
      'date_expired',
      'state',
      'outcome',
      'gone_at',
    ]),
  },
  from: sql`contracts`,
  always: () => sql`contracts.type = 'courier'`,
  joins: async (reader) => [
    ...contractJoins,
    leftJoin(sql`systems`, 'end_place', sql`end_place.system_id = ${endSystem}`),
    leftJoin(
      sql`routes`,
      'route',
      sql`route.start_system_id = ${ownContract.system} AND route.end_system_id = ${endSystem}`,
    ),
    leftJoin(
      sql`(${await constellations(reader)})`,
      'end_constellation',
      sql`end_constellation.constellation_id = end_place.constellation_id`,
    ),
    leftJoin(sql`regions`, 'end_region', sql`end_region.region_id = end_constellation.region_id`),
  ],
  key: [sql`contracts.contract_id`],
  contract: ownContract,
  order: sql`contracts.date_issued DESC`,
  tableFields: [
    'contract_id',
    'reward',
    'collateral',
    'volume',
    'reward_per_m3',
    'days_to_complete',
    'start_system_name',
    'end_system_name',
    'end_region_name',
    'end_is_structure',
  ],
  filters: [
    noStructures,
    ...termFilters,
    ...endFilters,
    ...ownFilters.filter(({ name }) => !otherFilters.includes(name)),
  ],
  defaults: { state: ['listed'] },
  nested: [],
  chart: { kind: 'scatter', x: 'volume', y: 'reward', unit: 'm³', label: 'contract_id' },
};

/** The region of each constellation: columns `constellation_id` and `region_id`. */
async function constellations(reader: Reader): Promise<SQL> {
  const pairs = [...(await regionsByConstellation(reader))].map(([id, region]) => `(${id}, ${region})`);
  // A row that matches nothing, because VALUES cannot be empty.
  const values = sql.raw(['(NULL, NULL)', ...pairs].join(', '));
  return sql`SELECT CAST(column1 AS bigint) AS constellation_id, CAST(column2 AS bigint) AS region_id
    FROM (VALUES ${values}) AS pairs`;
}
