import { sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** The region of each constellation. ESI has this only per region, static data per system. */
export async function regionsByConstellation(reader: Reader): Promise<ReadonlyMap<number, number>> {
  const regions = await reader.all<{ region_id: number; response: string }>(
    sql`SELECT region_id, response FROM regions WHERE response IS NOT NULL`,
  );
  const systems = await reader.all<{ constellation_id: number; region_id: number }>(
    sql`SELECT DISTINCT constellation_id, region_id FROM systems WHERE region_id IS NOT NULL`,
  );
  const ofSystems = systems.map(({ constellation_id, region_id }) => [constellation_id, region_id] as const);
  return new Map([
    ...ofSystems,
    ...regions.flatMap(({ region_id, response }) => {
      const { constellations: ids } = JSON.parse(response) as { constellations?: unknown };
      const known: number[] = Array.isArray(ids) ? ids.filter((id) => Number.isSafeInteger(id)) : [];
      return known.map((id) => [id, region_id] as const);
    }),
  ]);
}
