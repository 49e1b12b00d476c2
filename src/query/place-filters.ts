import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../store/store.ts';
import { isAmongIds } from './conditions.ts';
import { regionsByConstellation } from './constellations.ts';
import { namedFilter } from './named-filter.ts';
import { nameable } from './names.ts';
import type { Filter } from './subject.ts';

const startLocation = sql`contracts.start_location_id`;
const endLocation = sql`contracts.end_location_id`;

/** Where a contract is: the region whose list shows it, and where it starts. */
export const placeFilters: readonly Filter[] = [
  namedFilter('--region', nameable.region, 'listed in this region', (ids) => isAmongIds(sql`contracts.region_id`, ids)),
  namedFilter('--system', nameable.system, 'starts in this solar system, at a station or in space', (ids, { reader }) =>
    isIn(startLocation, ids, reader),
  ),
  namedFilter(
    '--location',
    nameable.location,
    'starts at this station, in space in this system, or at this player structure (by id)',
    (ids) => isAmongIds(startLocation, ids),
  ),
];

/** Where a courier contract ends. */
export const endFilters: readonly Filter[] = [
  namedFilter('--end-region', nameable.region, 'ends in this region', async (ids, { reader }) =>
    isIn(endLocation, await systemsOf(ids, reader), reader),
  ),
  namedFilter('--end-system', nameable.system, 'ends in this solar system', (ids, { reader }) =>
    isIn(endLocation, ids, reader),
  ),
  namedFilter('--end-location', nameable.location, 'ends at this station, or at this player structure (by id)', (ids) =>
    isAmongIds(endLocation, ids),
  ),
];

/** The location is one of these systems, or a station in one of them. */
async function isIn(location: SQL, systems: readonly number[], reader: Reader): Promise<SQL> {
  const stations = await reader.all<{ location_id: number }>(
    sql`SELECT location_id FROM locations WHERE ${isAmongIds(sql`system_id`, systems)}`,
  );
  return isAmongIds(location, [...systems, ...stations.map(({ location_id }) => location_id)]);
}

/** The systems of these regions, as far as contracts have led there. */
async function systemsOf(regions: readonly number[], reader: Reader): Promise<number[]> {
  const regionOf = await regionsByConstellation(reader);
  const systems = await reader.all<{ system_id: number; constellation_id: number | null }>(
    sql`SELECT system_id, constellation_id FROM systems`,
  );
  return systems
    .filter(({ constellation_id }) => regions.includes(regionOf.get(constellation_id ?? 0) ?? 0))
    .map(({ system_id }) => system_id);
}
