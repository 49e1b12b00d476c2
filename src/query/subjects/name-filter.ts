import { sql } from 'drizzle-orm';
import { isAmongIds } from '../engine/conditions.ts';
import type { Filter } from '../engine/filter.ts';

/** Names are compared in JavaScript, like in other filters: case folding is then the same for every database. */
export function nameFilter(table: string, id: string): Filter {
  const [from, key] = [sql.identifier(table), sql.identifier(id)];
  return {
    name: 'name',
    argument: '<text>',
    description: 'name contains this text, case-insensitive',
    condition: async (values, { reader }) => {
      const texts = values.map((value) => value.toLowerCase());
      const rows = await reader.all<{ id: number; name: string }>(
        sql`SELECT ${key} AS id, name FROM ${from} WHERE name IS NOT NULL`,
      );
      const named = rows.filter(({ name }) => texts.some((text) => name.toLowerCase().includes(text)));
      return isAmongIds(
        sql`${from}.${key}`,
        named.map(({ id }) => id),
      );
    },
  };
}
