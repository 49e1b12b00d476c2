import { type SQL, sql } from 'drizzle-orm';
import { endLocation, isSystem, startLocation } from '../contract/facts.ts';
import { anyOf } from '../engine/conditions.ts';
import type { Filter } from '../engine/filter.ts';
import { parseWhole } from '../engine/values.ts';

const systemOf = (location: SQL) => sql`COALESCE(
  (SELECT station.system_id FROM locations AS station WHERE station.location_id = ${location}),
  CASE WHEN ${isSystem(location)} THEN ${location} END)`;

/** A column of the way from the start of a courier to its end. */
const ofRoute = (name: string) => sql`(
  SELECT way.${sql.identifier(name)} FROM routes AS way
  WHERE way.start_system_id = ${systemOf(startLocation)} AND way.end_system_id = ${systemOf(endLocation)})`;

/** Filters of couriers by the way that they take; without static data no way is known, and nothing fits. */
export const routeFilters: readonly Filter[] = [
  {
    name: 'max-jumps',
    argument: '<number>',
    description: 'maximum jumps; needs static data, see hangarbay import sde',
    isSingle: true,
    condition: (values) =>
      anyOf(values.map((value) => sql`${ofRoute('jumps')} <= ${sql.raw(String(parseWhole(value, '--max-jumps')))}`)),
  },
  {
    name: 'secure',
    description: 'there is a way through high security alone, ends included; needs static data',
    condition: () => sql`${ofRoute('jumps_secure')} IS NOT NULL`,
  },
];
