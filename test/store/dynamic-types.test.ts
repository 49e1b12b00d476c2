import { describe, expect, test } from 'vitest';
import { readMigrations } from '../../src/store/migrations.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { booleanOf, change, rowsOf } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const attribute = (attribute_id: number, value: number) => ({ attribute_id, value });

/** Types as ESI answers them: a mutated module, its mutaplasmid, another module, and one without attributes. */
const answers = [
  { type_id: 1, group_id: 65, dogma_attributes: [attribute(50, 15), attribute(1692, 15)] },
  { type_id: 2, group_id: 1964, dogma_attributes: [attribute(1692, 15)] },
  { type_id: 3, group_id: 65, dogma_attributes: [attribute(50, 15), attribute(1692, 4)] },
  { type_id: 4, group_id: 65 },
];

describe.each(backings)('which types are those of mutated modules, on $name', (backing) => {
  test('is found out by the migration from stored answers', async () => {
    const { store, database } = await openTestStore(backing);
    await store.saveReferences(
      answers.map((response) => {
        const { type_id: id, group_id } = response;
        const fields = { name: `Type ${id}`, group_id, market_group_id: null, published: true };
        return { kind: 'type', id, fields, response, etag: null, fetched_at: noon, expires_at: null };
      }),
    );
    const statements = readMigrations(database.location.dialect).flatMap((migration) => migration.statements);
    await change(database, statements.find((statement) => /UPDATE "?types"? SET "?is_dynamic/.test(statement)) ?? '');
    const types = await rowsOf(database, 'types', 'type_id');
    expect(types.map(({ is_dynamic }) => booleanOf(is_dynamic))).toEqual([true, false, false, false]);
  });
});
