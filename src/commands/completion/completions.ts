import { sql } from 'drizzle-orm';
import { type Nameable, nameable } from '../../query/filters/names.ts';
import { createSubjects } from '../../query/subjects/subjects.ts';
import type { Reader } from '../../store/reader.ts';

/** What a flag's values name; there are too many issuers and corporations to choose from. */
const named = new Map<string, Nameable>(
  createSubjects('')
    .flatMap(({ filters }) => filters)
    .flatMap(({ flag, names }) =>
      names === undefined || names === nameable.issuer || names === nameable.corporation ? [] : [[flag, names]],
    ),
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
