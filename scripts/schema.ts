/**
 * Writes the tables of docs/schema.md, between its two marks, from the schemas of both databases: `npm run docs`. CI fails
 * when it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { is } from 'drizzle-orm';
import { PgTable, getTableConfig as postgresConfig } from 'drizzle-orm/pg-core';
import { SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core';
import * as postgres from '../src/store/schema/postgres.ts';
import * as sqlite from '../src/store/schema/sqlite.ts';

const page = 'docs/schema.md';
const [begin, end] = ['<!-- tables: made by scripts/schema.ts -->\n', '<!-- end of tables -->'];

/** Of PostgreSQL, by table and column. */
const types = new Map(
  Object.values(postgres)
    .filter((table) => is(table, PgTable))
    .map((table) => postgresConfig(table))
    .flatMap(({ name, columns }) =>
      columns.map((column): [string, string] => [`${name}.${column.name}`, column.getSQLType()]),
    ),
);

const sections = Object.values(sqlite)
  .filter((table) => is(table, SQLiteTable))
  .map((table) => sqliteConfig(table))
  .map(({ name, columns, primaryKeys }) => {
    const keys = primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
    const rows = columns.map((column) => {
      const isKey = column.primary || keys.includes(column.name);
      const cells = [
        `\`${column.name}\``,
        column.getSQLType(),
        types.get(`${name}.${column.name}`) ?? '',
        isKey ? 'key' : column.notNull ? '' : 'null',
      ];
      return `| ${cells.join(' | ')} |\n`;
    });
    return `### ${name}\n\n| column | SQLite | PostgreSQL | |\n|---|---|---|---|\n${rows.join('')}`;
  });

const text = readFileSync(page, 'utf8');
const before = text.slice(0, text.indexOf(begin) + begin.length);
writeFileSync(page, `${before}\n${sections.join('\n')}\n${text.slice(text.indexOf(end))}`);
