import { type SQL, sql } from 'drizzle-orm';
import { structures } from '../../eve/id-ranges.ts';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { contractColumns, contractJoins, ownContract } from '../contract/columns.ts';
import { regionsByConstellation } from '../contract/constellations.ts';
import { quotient } from '../contract/unit-prices.ts';
import { column, joined, pick } from '../engine/columns.ts';
import type { Filter, Subject } from '../engine/subject.ts';
import { ownFilters } from '../filters/contract-filters.ts';
import { bounds } from '../filters/money-filters.ts';
import { endFilters } from '../filters/place-filters.ts';

const isStructure = (name: string) => sql`contracts.${sql.identifier(name)} >= ${sql.raw(String(structures.first))}`;

/** Of a courier these say nothing: it holds no items that ESI shows, and it has no price. */
const otherFlags = [
  '--type',
  '--direction',
  '--search',
  '--min-price',
  '--max-price',
  '--min-effective-price',
  '--max-effective-price',
];

const noStructures: Filter = {
  flag: '--no-structures',
  description: 'neither starts nor ends in a player structure, which may refuse the hauler',
  condition: () =>
    sql`COALESCE(NOT ${isStructure('start_location_id')}, TRUE) AND COALESCE(NOT ${isStructure('end_location_id')}, TRUE)`,
};

const rewardPerVolume = quotient(sql`contracts.reward`, sql`contracts.volume`);
const termFilters: readonly Filter[] = [
  ...bounds('reward-per-m3', rewardPerVolume, 'reward for each m³'),
  ...bounds('days', sql`contracts.days_to_complete`, 'days to complete'),
];

/** Courier contracts, with what a hauler weighs. */
export function couriersSubject(now: Instant): Subject {
  const contract = contractColumns(now);
  return {
    name: 'couriers',
    description: 'courier contracts: reward by volume and by collateral, days, start and end',
    columns: {
      ...pick(contract, ['contract_id', 'title', 'reward', 'collateral', 'volume']),
      reward_per_m3: column('isk', rewardPerVolume),
      reward_to_collateral: column('number', quotient(sql`contracts.reward`, sql`contracts.collateral`)),
      days_to_complete: contract.days_to_complete,
      start_location_id: contract.start_location_id,
      start_location_name: contract.start_location_name,
      start_is_structure: column('flag', isStructure('start_location_id')),
      start_system_id: contract.system_id,
      start_system_name: contract.system_name,
      start_region_id: contract.region_id,
      start_region_name: contract.region_name,
      end_location_id: contract.end_location_id,
      end_location_name: contract.end_location_name,
      end_is_structure: column('flag', isStructure('end_location_id')),
      end_system_id: joined('id', sql`end_place.system_id`),
      end_system_name: joined('text', sql`end_place.name`),
      end_region_id: joined('id', sql`end_region.region_id`),
      end_region_name: joined('text', sql`end_region.name`),
      ...pick(contract, ['issuer_id', 'issuer_name', 'date_issued', 'date_expired', 'state', 'outcome', 'gone_at']),
    },
    from: sql`contracts`,
    together: () => [sql`contracts.type = 'courier'`],
    joins: async ({ reader }) => sql`${contractJoins}
      LEFT JOIN systems AS end_place ON end_place.system_id = COALESCE(end_station.system_id, end_system.system_id)
      LEFT JOIN (${await constellations(reader)}) AS end_constellation
        ON end_constellation.constellation_id = end_place.constellation_id
      LEFT JOIN regions AS end_region ON end_region.region_id = end_constellation.region_id`,
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
      ...ownFilters.filter(({ flag }) => !otherFlags.includes(flag)),
    ],
    defaults: { state: ['listed'] },
    nested: [],
  };
}

/** Which region each constellation is in: columns `constellation_id` and `region_id`. */
async function constellations(reader: Reader): Promise<SQL> {
  const pairs = [...(await regionsByConstellation(reader))].map(([id, region]) => `(${id}, ${region})`);
  // A row that fits nothing, since there is no list of no values.
  const values = sql.raw(['(NULL, NULL)', ...pairs].join(', '));
  return sql`SELECT CAST(column1 AS bigint) AS constellation_id, CAST(column2 AS bigint) AS region_id
    FROM (VALUES ${values}) AS pairs`;
}
