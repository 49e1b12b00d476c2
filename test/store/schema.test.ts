import { getTableName, is, type SQL, sql, Table } from 'drizzle-orm';
import { PgTable, getTableConfig as postgresConfig } from 'drizzle-orm/pg-core';
import { SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import * as postgresSchema from '../../src/store/schema/postgres.ts';
import * as sqliteSchema from '../../src/store/schema/sqlite.ts';
import { type Backing, openTestStore, postgreSql, readFrom, sqlite } from '../helpers/backings.ts';

interface ColumnShape {
  readonly type: string;
  readonly isNullable: boolean;
}

interface TableShape {
  readonly columns: Readonly<Record<string, ColumnShape>>;
  readonly primaryKey: readonly string[];
  readonly indexes: readonly string[];
}

type Shapes = Readonly<Record<string, TableShape>>;

/** The PostgreSQL equivalents of SQLite's few types, by column use. */
const sameKind: Readonly<Record<string, readonly string[]>> = {
  integer: ['bigint', 'boolean'],
  real: ['double precision'],
  text: ['text', 'jsonb', 'timestamp(0) with time zone'],
};

function modelled(schema: Readonly<Record<string, unknown>>): Shapes {
  const tables = Object.values(schema).filter((value) => is(value, Table));
  return Object.fromEntries(tables.map((table) => [getTableName(table), shapeOf(table)]));
}

function shapeOf(table: Table): TableShape {
  const config = is(table, PgTable) ? postgresConfig(table) : is(table, SQLiteTable) ? sqliteConfig(table) : undefined;
  if (config === undefined) throw new Error('a table of neither dialect');
  const columns = config.columns.map((column) => [
    column.name,
    { type: column.getSQLType().replace(' COLLATE "C"', ''), isNullable: !column.notNull },
  ]);
  const single = config.columns.filter(({ primary }) => primary).map(({ name }) => name);
  const [composite] = config.primaryKeys;
  return {
    columns: Object.fromEntries(columns),
    primaryKey: composite === undefined ? single : composite.columns.map(({ name }) => name),
    indexes: config.indexes.map(({ config: { name } }) => name ?? '').sort(),
  };
}

interface CatalogColumn {
  readonly table_name: string;
  readonly column_name: string;
  readonly type: string;
  readonly is_nullable: boolean | number;
  /** Position in the primary key, from 1; null or 0 outside it. */
  readonly key_position: number | null;
}

interface CatalogIndex {
  readonly table_name: string;
  readonly index_name: string;
}

const sqliteColumns = sql`
  SELECT tables.name AS table_name, columns.name AS column_name, lower(columns.type) AS type,
    columns."notnull" = 0 AS is_nullable, columns.pk AS key_position
  FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
  WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' AND tables.name NOT LIKE '!_!_%' ESCAPE '!'
  ORDER BY columns.cid`;
const sqliteIndexes = sql`
  SELECT tbl_name AS table_name, name AS index_name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
  ORDER BY name`;
const postgresColumns = sql`
  SELECT tables.relname AS table_name, columns.attname AS column_name,
    format_type(columns.atttypid, columns.atttypmod) AS type, NOT columns.attnotnull AS is_nullable,
    array_position(keys.conkey, columns.attnum) AS key_position
  FROM pg_class AS tables
  JOIN pg_attribute AS columns ON columns.attrelid = tables.oid AND columns.attnum > 0 AND NOT columns.attisdropped
  LEFT JOIN pg_constraint AS keys ON keys.conrelid = tables.oid AND keys.contype = 'p'
  WHERE tables.relkind = 'r' AND tables.relnamespace = current_schema()::regnamespace
    AND tables.relname NOT LIKE '!_!_%' ESCAPE '!'
  ORDER BY columns.attnum`;
const postgresIndexes = sql`
  SELECT tablename AS table_name, indexname AS index_name FROM pg_indexes
  WHERE schemaname = current_schema() AND indexname NOT LIKE '%!_pkey' ESCAPE '!'
    AND indexname NOT LIKE '%!_pk' ESCAPE '!' ORDER BY indexname`;

async function migrated(backing: Backing, columnsQuery: SQL, indexesQuery: SQL): Promise<Shapes> {
  const { database } = await openTestStore(backing);
  return readFrom(database, async (reader) => {
    const columns = await reader.all<CatalogColumn>(columnsQuery);
    const indexes = await reader.all<CatalogIndex>(indexesQuery);
    const tables = [...new Set(columns.map(({ table_name }) => table_name))];
    return Object.fromEntries(tables.map((table) => [table, catalogShape(table, columns, indexes)]));
  });
}

function catalogShape(table: string, columns: readonly CatalogColumn[], indexes: readonly CatalogIndex[]): TableShape {
  const own = columns.filter(({ table_name }) => table_name === table);
  const inKey = own.filter(({ key_position }) => (key_position ?? 0) > 0);
  const shapes = own.map(({ column_name, type, is_nullable }) => [
    column_name,
    { type, isNullable: Boolean(is_nullable) },
  ]);
  return {
    columns: Object.fromEntries(shapes),
    primaryKey: inKey.sort((a, b) => Number(a.key_position) - Number(b.key_position)).map((row) => row.column_name),
    indexes: indexes.filter(({ table_name }) => table_name === table).map(({ index_name }) => index_name),
  };
}

describe('the schema', () => {
  it('is on SQLite what the models say, table by table and column by column', async () => {
    expect(await migrated(sqlite, sqliteColumns, sqliteIndexes)).toEqual(modelled(sqliteSchema));
  });

  it('is on PostgreSQL what the models say, table by table and column by column', async () => {
    expect(await migrated(postgreSql, postgresColumns, postgresIndexes)).toEqual(modelled(postgresSchema));
  });

  it('is the same on both, but for the names of the types', () => {
    const onPostgres = modelled(postgresSchema);
    for (const [table, shape] of Object.entries(modelled(sqliteSchema))) {
      const other = onPostgres[table];
      expect({ ...other, columns: Object.keys(other?.columns ?? {}) }, table).toEqual({
        ...shape,
        columns: Object.keys(shape.columns),
      });
      for (const [name, { type, isNullable }] of Object.entries(shape.columns)) {
        const column = other?.columns[name];
        expect(column?.isNullable, `${table}.${name}`).toBe(isNullable);
        expect(sameKind[type], `${table}.${name}`).toContain(column?.type);
      }
    }
    expect(Object.keys(onPostgres).sort()).toEqual(Object.keys(modelled(sqliteSchema)).sort());
  });

  it('compares text by its code points on PostgreSQL, as SQLite does', async () => {
    const { database } = await openTestStore(postgreSql);
    const others = sql`
      SELECT tables.relname, columns.attname FROM pg_class AS tables
      JOIN pg_attribute AS columns ON columns.attrelid = tables.oid AND columns.attnum > 0
      JOIN pg_collation ON pg_collation.oid = columns.attcollation
      WHERE tables.relkind = 'r' AND tables.relnamespace = current_schema()::regnamespace
        AND tables.relname NOT LIKE '!_!_%' ESCAPE '!' AND pg_collation.collname <> 'C'`;
    expect(await readFrom(database, (reader) => reader.all(others))).toEqual([]);
  });
});
