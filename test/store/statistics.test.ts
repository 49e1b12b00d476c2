import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openTestStore, readFrom, sqlite } from '../helpers/backings.ts';

it("SQLite's planner has been told of every index, before anything is stored", async () => {
  const { database } = await openTestStore(sqlite);
  const [indexes, told] = await readFrom(database, async (reader) => [
    await reader.all<{ name: string }>(sql`
      SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name NOT LIKE '\\_\\_%' ESCAPE '\\'
        AND tbl_name NOT IN ('contract_backlog', 'http_validators', 'meta') ORDER BY name`),
    await reader.all<{ name: string }>(sql`
      SELECT idx AS name FROM sqlite_stat1 WHERE idx IS NOT NULL AND idx <> tbl ORDER BY idx`),
  ]);
  expect(told).toEqual(indexes);
});
