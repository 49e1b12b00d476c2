import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../store/store.ts';
import { isAmongIds } from './conditions.ts';
import { idsOf, nameable } from './names.ts';
import type { Filter } from './subject.ts';

/** Where a contract is: the region whose list shows it, and where it starts. */
export const placeFilters: readonly Filter[] = [
  {
    flag: '--region',
    argument: '<name or id>',
    description: 'listed in this region',
    condition: async (values, context) =>
      isAmongIds(sql`contracts.region_id`, await idsOf(values, nameable.region, '--region', context)),
  },
  {
    flag: '--system',
    argument: '<name or id>',
    description: 'starts in this solar system, at a station or in space',
    condition: async (values, context) => {
      const systems = await idsOf(values, nameable.system, '--system', context);
      return startsIn(systems, context.reader);
    },
  },
  {
    flag: '--location',
    argument: '<name or id>',
    description: 'starts at this station, in space in this system, or at this player structure (by id)',
    condition: async (values, context) =>
      isAmongIds(sql`contracts.start_location_id`, await idsOf(values, nameable.location, '--location', context)),
  },
];

async function startsIn(systems: readonly number[], reader: Reader): Promise<SQL> {
  const stations = await reader.all<{ location_id: number }>(
    sql`SELECT location_id FROM locations WHERE ${isAmongIds(sql`system_id`, systems)}`,
  );
  const places = [...systems, ...stations.map(({ location_id }) => location_id)];
  return isAmongIds(sql`contracts.start_location_id`, places);
}
