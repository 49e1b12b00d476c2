import { getTableColumns, getTableName } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../schema/postgres.ts';
import type { ValueKind } from '../script.ts';

/** A table with the columns of both databases. */
export interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, ValueKind>>;
  readonly key: readonly string[];
}

/** By PostgreSQL's column types, which are more specific than SQLite's. */
const kinds: Readonly<Record<string, ValueKind>> = {
  bigint: 'id',
  boolean: 'boolean',
  'double precision': 'real',
  jsonb: 'json',
  'text COLLATE "C"': 'text',
  'timestamp(0) with time zone': 'instant',
};

/** All tables of the schema; `contracts` before tables with rows of contracts. */
export const tables: readonly TableShape[] = Object.values(schema)
  .map(shapeOf)
  .toSorted((a, b) => Number(b.name === 'contracts') - Number(a.name === 'contracts'));

function shapeOf(table: PgTable): TableShape {
  const columns = Object.values(getTableColumns(table));
  const [composite] = getTableConfig(table).primaryKeys;
  const key = composite?.columns ?? columns.filter(({ primary }) => primary);
  return {
    name: getTableName(table),
    columns: Object.fromEntries(
      columns.map((column) => {
        const kind = kinds[column.getSQLType()];
        if (kind === undefined) throw new Error(`column ${column.name} has a type without a kind`);
        return [column.name, kind];
      }),
    ),
    key: key.map(({ name }) => name),
  };
}
