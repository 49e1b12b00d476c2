import { type SQL, sql } from 'drizzle-orm';
import { endLocation, isSystem, startLocation } from '../contract/facts.ts';
import { anyOf } from '../engine/conditions.ts';
import type { Filter, FilterContext } from '../engine/filter.ts';
import { parseWhole } from '../engine/values.ts';

const systemOf = (location: SQL) => sql`COALESCE(
  (SELECT station.system_id FROM locations AS station WHERE station.location_id = ${location}),
  CASE WHEN ${isSystem(location)} THEN ${location} END)`;

/** A column of the route from a courier contract's start to its end. */
const ofRoute = (name: string) => sql`(
  SELECT way.${sql.identifier(name)} FROM routes AS way
  WHERE way.start_system_id = ${systemOf(startLocation)} AND way.end_system_id = ${systemOf(endLocation)})`;

/** Explains why nothing matches. With static data, a database without couriers has no routes either. */
async function noticeMissingRoutes(flag: string, { reader, notice }: FilterContext): Promise<void> {
  const [known] = await reader.all(
    sql`SELECT 1 AS known WHERE EXISTS (SELECT 1 FROM stargates) OR EXISTS (SELECT 1 FROM routes)`,
  );
  if (known === undefined) notice(`${flag}: no routes are known without static data. Run: hangarbay import sde`);
}

/** Filters of courier contracts by route. Without static data no route is known, and nothing matches. */
export const routeFilters: readonly Filter[] = [
  {
    name: 'max-jumps',
    argument: '<number>',
    description: 'maximum jumps; requires static data, see hangarbay import sde',
    isSingle: true,
    async condition(values, context) {
      const bounds = values.map((value) => sql.raw(String(parseWhole(value, '--max-jumps'))));
      await noticeMissingRoutes('--max-jumps', context);
      return anyOf(bounds.map((bound) => sql`${ofRoute('jumps')} <= ${bound}`));
    },
  },
  {
    name: 'secure',
    description: 'has a route through high security only, ends included; requires static data',
    async condition(_, context) {
      await noticeMissingRoutes('--secure', context);
      return sql`${ofRoute('jumps_secure')} IS NOT NULL`;
    },
  },
];
