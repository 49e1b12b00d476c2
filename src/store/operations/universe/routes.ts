import { sql } from 'drizzle-orm';
import { systems } from '../../../eve/id-ranges.ts';
import { slices } from '../../batches.ts';
import { type Driver, execute, insertRowsInto } from '../../script.ts';
import type { Store } from '../../store.ts';

/** The system of a location, which may itself be a system; the aliases are those of the joins. */
const systemOf = (location: string, station: string) => sql`COALESCE(${sql.identifier(station)}.system_id,
  CASE WHEN ${sql.identifier(location)} BETWEEN ${systems.first} AND ${systems.last} THEN ${sql.identifier(location)} END)`;

const routeKinds = {
  start_system_id: 'id',
  end_system_id: 'id',
  jumps: 'id',
  jumps_secure: 'id',
  lowest_security: 'real',
} as const;
/** Rows per statement. */
const rowsAtOnce = 1_000;

export function routeOperations({
  transact,
  dialect,
}: Driver): Pick<Store, 'missingRoutes' | 'starMap' | 'saveRoutes'> {
  return {
    missingRoutes: () =>
      transact(function* () {
        const [gate] = yield* execute(sql`SELECT stargate_id FROM stargates LIMIT 1`);
        if (gate === undefined) return [];
        const rows = yield* execute<{ start_system_id: number; end_system_id: number }>(sql`
          SELECT DISTINCT start_system_id, end_system_id FROM (
            SELECT ${systemOf('start_location_id', 'start_station')} AS start_system_id,
              ${systemOf('end_location_id', 'end_station')} AS end_system_id
            FROM contracts
            LEFT JOIN locations AS start_station ON start_station.location_id = start_location_id
            LEFT JOIN locations AS end_station ON end_station.location_id = end_location_id
            WHERE type = 'courier' AND gone_at IS NULL) AS ends
          WHERE start_system_id IS NOT NULL AND end_system_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM routes
            WHERE routes.start_system_id = ends.start_system_id AND routes.end_system_id = ends.end_system_id)
          ORDER BY start_system_id, end_system_id`);
        return [...rows];
      }),
    starMap: () =>
      transact(function* () {
        const places = yield* execute<{ system_id: number; security_status: number }>(
          sql`SELECT system_id, security_status FROM systems WHERE security_status IS NOT NULL`,
        );
        const gates = yield* execute<{ system_id: number; destination_system_id: number }>(
          sql`SELECT system_id, destination_system_id FROM stargates`,
        );
        return {
          security: new Map(places.map(({ system_id, security_status }) => [system_id, security_status])),
          gates: gates.map(({ system_id, destination_system_id }) => [system_id, destination_system_id] as const),
        };
      }),
    saveRoutes: (routes) =>
      transact(function* () {
        for (const some of slices(routes, rowsAtOnce)) {
          const rows = some.map((route) => ({ ...route }));
          yield* execute(sql`${insertRowsInto('routes', routeKinds, rows, dialect)} ON CONFLICT DO NOTHING`);
        }
      }),
  };
}
