import { type SQL, sql } from 'drizzle-orm';
import { isIn, systems as systemIds, wormholeSystems } from '../../eve/id-ranges.ts';
import { isAllRegions } from '../../regions.ts';
import type { Reader } from '../../store/reader.ts';
import { regionsByConstellation } from '../contract/constellations.ts';
import { endLocation } from '../contract/facts.ts';
import { anyOf, isAmongIds } from '../engine/conditions.ts';
import { areFew } from '../engine/few.ts';
import type { Filter, FilterContext } from '../engine/filter.ts';
import { asksForListed } from './held-items.ts';
import { namedFilter, onIds } from './named-filter.ts';
import { idsOf, nameable } from './names.ts';

const system = namedFilter(
  'system',
  nameable.system,
  'starts in this solar system, at a station or in space (the system of a player structure is not public)',
  async (ids, context) => startsAt(await placesIn(ids, context.reader), context),
);
const location = namedFilter(
  'location',
  nameable.location,
  'starts at this station, in space in this system, or at this player structure (by id)',
  startsAt,
);

const constellation = namedFilter(
  'constellation',
  nameable.constellation,
  'starts in a solar system of this constellation',
  async (ids, context) => startsAt(await placesIn(await systemsIn(ids, context.reader), context.reader), context),
);

/** The security bands, as conditions on a row of `systems`; the game rounds a security status to one digit. */
const isWormhole = sql`systems.system_id BETWEEN ${wormholeSystems.first} AND ${wormholeSystems.last}`;
const bands: Readonly<Record<string, SQL>> = {
  highsec: sql`systems.security_status >= 0.45`,
  // The game never rounds a positive value down to 0.
  lowsec: sql`systems.security_status > 0 AND systems.security_status < 0.45`,
  nullsec: sql`systems.security_status <= 0 AND NOT ${isWormhole}`,
  wormhole: isWormhole,
};

const security: Filter = {
  name: 'security',
  argument: '<band>',
  description: `starts in a solar system of this security: ${Object.keys(bands).join(', ')} (not player structures)`,
  choices: Object.keys(bands),
  async condition(values, context) {
    const systems = await context.reader.all<{ system_id: number }>(
      sql`SELECT system_id FROM systems WHERE ${anyOf(values.map((band) => sql`(${bands[band]})`))}`,
    );
    const ids = systems.map(({ system_id }) => system_id);
    return startsAt(await placesIn(ids, context.reader), context);
  },
};

/** Filters of a contract's place: the region that lists it, and the start location. */
export const placeFilters: readonly Filter[] = [
  {
    name: 'region',
    argument: '<name or id>',
    description: 'listed in this region, or in all',
    names: nameable.region,
    async condition(values, context) {
      const ids = await regionsNamed(values, context);
      return ids === undefined ? sql`TRUE` : isAmongIds(sql`contracts.region_id`, ids);
    },
    regions: regionsNamed,
  },
  {
    ...system,
    regions: onIds('system', nameable.system, (ids, { reader }) => regionsOf(ids, reader)),
  },
  {
    ...constellation,
    regions: onIds('constellation', nameable.constellation, async (ids, { reader }) =>
      regionsOf(await systemsIn(ids, reader), reader),
    ),
  },
  security,
  {
    ...location,
    regions: onIds('location', nameable.location, async (ids, { reader }) => {
      const stations = await reader.all<{ system_id: number }>(
        sql`SELECT system_id FROM locations WHERE ${isAmongIds(sql`location_id`, ids)} AND system_id IS NOT NULL`,
      );
      const found = [...ids.filter((id) => isIn(systemIds, id)), ...stations.map(({ system_id }) => system_id)];
      return found.length === ids.length ? regionsOf(found, reader) : undefined;
    }),
  },
];

/** Filters of a courier contract's end. */
export const endFilters: readonly Filter[] = [
  namedFilter('end-region', nameable.region, 'ends in this region', async (ids, { reader }) =>
    isAmongIds(endLocation, await placesIn(await systemsOf(ids, reader), reader)),
  ),
  namedFilter('end-system', nameable.system, 'ends in this solar system', async (ids, { reader }) =>
    isAmongIds(endLocation, await placesIn(ids, reader)),
  ),
  namedFilter(
    'end-location',
    nameable.endLocation,
    'ends at this station, in space in this system, or at this player structure (by id)',
    (ids) => isAmongIds(endLocation, ids),
  ),
];

/** Undefined if one of the values means all regions. */
async function regionsNamed(values: readonly string[], context: FilterContext): Promise<readonly number[] | undefined> {
  const named = values.filter((value) => !isAllRegions(value.trim()));
  const ids = await idsOf(named, nameable.region, '--region', context);
  return named.length < values.length ? undefined : ids;
}

/** The contract starts at one of these places. Most places have few of the listed contracts, Jita has most. */
async function startsAt(ids: readonly number[], { given, reader }: FilterContext): Promise<SQL> {
  const found = sql`FROM contracts WHERE gone_at IS NULL AND ${isAmongIds(sql`start_location_id`, ids)}`;
  if (asksForListed(given) && (await areFew(found, reader))) {
    return sql`contracts.contract_id IN (SELECT contract_id ${found})`;
  }
  return isAmongIds(sql`+contracts.start_location_id`, ids);
}

/** The systems of these constellations that contracts have led to. */
async function systemsIn(constellations: readonly number[], reader: Reader): Promise<number[]> {
  const systems = await reader.all<{ system_id: number }>(
    sql`SELECT system_id FROM systems WHERE ${isAmongIds(sql`constellation_id`, constellations)}`,
  );
  return systems.map(({ system_id }) => system_id);
}

/** The systems themselves, for items in space, and their stations. */
async function placesIn(systems: readonly number[], reader: Reader): Promise<number[]> {
  const stations = await reader.all<{ location_id: number }>(
    sql`SELECT location_id FROM locations WHERE ${isAmongIds(sql`system_id`, systems)}`,
  );
  return [...systems, ...stations.map(({ location_id }) => location_id)];
}

/** The systems of these regions that contracts have led to. */
async function systemsOf(regions: readonly number[], reader: Reader): Promise<number[]> {
  const regionOf = await regionsByConstellation(reader);
  const systems = await reader.all<{ system_id: number; constellation_id: number | null }>(
    sql`SELECT system_id, constellation_id FROM systems`,
  );
  return systems
    .filter(({ constellation_id }) => regions.includes(regionOf.get(constellation_id ?? 0) ?? 0))
    .map(({ system_id }) => system_id);
}

/** The regions of these systems; undefined if one of them is unknown. */
async function regionsOf(systems: readonly number[], reader: Reader): Promise<number[] | undefined> {
  const regionOf = await regionsByConstellation(reader);
  const known = await reader.all<{ system_id: number; constellation_id: number | null }>(
    sql`SELECT system_id, constellation_id FROM systems WHERE ${isAmongIds(sql`system_id`, systems)}`,
  );
  const regions = known.flatMap(({ constellation_id }) => regionOf.get(constellation_id ?? 0) ?? []);
  return regions.length === new Set(systems).size ? [...new Set(regions)] : undefined;
}
