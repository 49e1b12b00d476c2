import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openTestStore, postgreSql, readFrom } from '../helpers/backings.ts';
import { listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone } from '../helpers/stored.ts';

it('a PostgreSQL server knows at once how many rows a pass has written', async () => {
  const { store, database } = await openTestStore(postgreSql);
  const contracts = Array.from({ length: 300 }, (_, index) => listed(index + 1));
  await recordAlone(store, sweepOf('2026-03-01T12:00:00Z', contracts));
  await store.analyze();
  const rows = await readFrom(database, (reader) =>
    reader.all(sql`SELECT reltuples::bigint AS known FROM pg_class WHERE oid = 'contract_backlog'::regclass`),
  );
  expect(rows).toEqual([{ known: 300 }]);
});
