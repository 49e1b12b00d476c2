import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { openTestStore, postgreSql } from '../helpers/backings.ts';
import { listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';
import { rowsFrom } from '../helpers/tables.ts';

const sizeOfIndexes = sql`SELECT pg_indexes_size('contracts')::bigint AS bytes`;

describe('on PostgreSQL, a list that shows stored contracts again', () => {
  // A new version of a row that does not fit on its page gets an entry in every index, and contracts have sixteen.
  test('leaves the indexes as they are', async () => {
    const { store, database } = await openTestStore(postgreSql);
    const contracts = Array.from({ length: 300 }, (_, index) => listed(index + 1));
    await storeListed(store, '2026-03-01T12:00:00Z', contracts);
    const before = await rowsFrom(database, sizeOfIndexes);
    for (const at of ['2026-03-01T12:30:00Z', '2026-03-01T13:00:00Z', '2026-03-01T13:30:00Z']) {
      expect(await recordAlone(store, sweepOf(at, contracts))).toMatchObject({ listed: 300, new: 0 });
    }
    expect(await rowsFrom(database, sizeOfIndexes)).toEqual(before);
  });
});
