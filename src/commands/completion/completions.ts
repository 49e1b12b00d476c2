import { sql } from 'drizzle-orm';
import { flagOf } from '../../query/engine/filter.ts';
import { subjects } from '../../query/subjects/subjects.ts';
import type { Reader } from '../../store/reader.ts';

/** What a flag's values name, where there are few enough to choose from. */
const named = new Map(
  subjects
    .flatMap(({ filters }) => filters)
    .flatMap((filter) => {
      const { names } = filter;
      return names === undefined || names.areMany === true ? [] : [[flagOf(filter), names] as const];
    }),
);

/** Whether the values of a flag are names that the database knows. */
export function hasNames(flag: string): boolean {
  return named.has(flag);
}

/** The names that the database knows for a flag, sorted. */
export async function namesFor(flag: string, reader: Reader): Promise<string[]> {
  const kind = named.get(flag);
  if (kind === undefined) return [];
  const rows = await reader.all<{ name: string }>(sql`SELECT DISTINCT name FROM (${kind.named}) AS known`);
  return rows.map(({ name }) => name).sort();
}
