import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openTestStore, readFrom, sqlite } from '../helpers/backings.ts';

it("SQLite's planner has statistics of every index, before anything is stored", async () => {
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

it('every table of SQLite is strict, so that no column holds what it is not for', async () => {
  const { database } = await openTestStore(sqlite);
  const loose = await readFrom(database, (reader) =>
    reader.all(sql`
      SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'`),
  );
  expect(loose).toEqual([]);
});
