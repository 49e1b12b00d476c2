import { type SQL, sql } from 'drizzle-orm';
import { shipCategoryId } from '../eve/id-ranges.ts';
import type { Reader } from '../store/store.ts';

const namesIn = (table: string) => sql`SELECT name FROM ${sql.identifier(table)}`;
const types = namesIn('types');

/** Names that a flag's value may be, by flag. */
const queries: Readonly<Record<string, SQL>> = {
  '--region': namesIn('regions'),
  '--system': namesIn('systems'),
  '--location': sql`${namesIn('locations')} UNION ${namesIn('systems')}`,
  '--item': types,
  '--wants': types,
  '--ship': sql`SELECT types.name AS name FROM types JOIN groups ON groups.group_id = types.group_id
    WHERE groups.category_id = ${shipCategoryId}`,
  '--group': namesIn('groups'),
  '--category': namesIn('categories'),
  '--market-group': namesIn('market_groups'),
};

/** Whether the values of a flag are names that the database knows. */
export function hasNames(flag: string): boolean {
  return queries[flag] !== undefined;
}

/** The names that the database knows for a flag, sorted. */
export async function namesFor(flag: string, reader: Reader): Promise<string[]> {
  const query = queries[flag];
  if (query === undefined) return [];
  const rows = await reader.all<{ name: string | null }>(query);
  return [...new Set(rows.flatMap(({ name }) => name ?? []))].sort();
}
