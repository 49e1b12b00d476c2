import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { fieldsOf, type ReferenceKind, referenceKindNames, tableOf } from '../../src/eve/reference.ts';
import * as postgres from '../../src/store/schema/postgres.ts';
import * as sqlite from '../../src/store/schema/sqlite.ts';

/** The tables of each kind in both dialects; a kind without one does not compile. */
const tables: Readonly<Record<ReferenceKind, readonly Table[]>> = {
  region: [sqlite.regions, postgres.regions],
  station: [sqlite.locations, postgres.locations],
  system: [sqlite.systems, postgres.systems],
  type: [sqlite.types, postgres.types],
  group: [sqlite.groups, postgres.groups],
  category: [sqlite.categories, postgres.categories],
  market_group: [sqlite.marketGroups, postgres.marketGroups],
};

describe.each(referenceKindNames)('the tables of a %s', (kind) => {
  test.each(tables[kind])('have the name and the columns that its declaration says', (table) => {
    expect(getTableName(table)).toBe(tableOf(kind).table);
    const columns = Object.values(getTableColumns(table)).map(({ name }) => name);
    expect(columns).toEqual(expect.arrayContaining([tableOf(kind).id, ...Object.keys(fieldsOf(kind))]));
  });
});
