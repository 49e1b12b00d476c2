import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { newMigratedDatabase, postgreSql, readFrom } from '../helpers/backings.ts';

it('PostgreSQL plans a cursor for its first row, unless that requires reading all rows', async () => {
  const database = await newMigratedDatabase(postgreSql);
  const query = sql`SELECT current_setting('cursor_tuple_fraction') AS share`;
  const shares = await readFrom(database, async (reader) => {
    const found: string[] = [];
    for (const isSummed of [false, true, undefined]) {
      const sizes = { first: 1, largest: 1, ...(isSummed === undefined ? {} : { isSummed }) };
      for await (const [row] of reader.batches<{ share: string }>(query, sizes)) found.push(row?.share ?? '');
    }
    return found;
  });
  expect(shares).toEqual(['0.1', '1', '0.1']);
});
