import { type SQL, sql } from 'drizzle-orm';
import { endLocation, isSystem, startLocation } from '../contract/facts.ts';
import { anyOf } from '../engine/conditions.ts';
import type { Filter } from '../engine/filter.ts';
import { parseWhole } from '../engine/values.ts';

const systemOf = (location: SQL) => sql`COALESCE(
  (SELECT station.system_id FROM locations AS station WHERE station.location_id = ${location}),
  CASE WHEN ${isSystem(location)} THEN ${location} END)`;

/** A column of the route from a courier contract's start to its end. */
const ofRoute = (name: string) => sql`(
  SELECT way.${sql.identifier(name)} FROM routes AS way
  WHERE way.start_system_id = ${systemOf(startLocation)} AND way.end_system_id = ${systemOf(endLocation)})`;

/** Filters of courier contracts by route. Without static data no route is known, and nothing matches. */
export const routeFilters: readonly Filter[] = [
  {
    name: 'max-jumps',
    argument: '<number>',
    description: 'maximum jumps; requires static data, see hangarbay import sde',
    isSingle: true,
    condition: (values) =>
      anyOf(values.map((value) => sql`${ofRoute('jumps')} <= ${sql.raw(String(parseWhole(value, '--max-jumps')))}`)),
  },
  {
    name: 'secure',
    description: 'has a route through high security only, ends included; requires static data',
    condition: () => sql`${ofRoute('jumps_secure')} IS NOT NULL`,
  },
];
