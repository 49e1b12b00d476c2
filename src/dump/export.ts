import { createHash } from 'node:crypto';
import { allRowsOf, identityOf } from '../store/bulk/source.ts';
import { type TableShape, tables } from '../store/bulk/tables.ts';
import { readMigrations } from '../store/migrations.ts';
import type { Reader } from '../store/reader.ts';
import { type DumpProgress, dumpVersion, type End, type Header } from './format.ts';

const batchSizes = { first: 500, largest: 2_000 };

/**
 * The lines of a dump of a whole database, in chunks, each line with its line end.
 *
 * @param reader a snapshot of the database
 * @param validators stored outside of the database, instead of the rows of `http_validators`
 */
export async function* dumpLines(
  reader: Reader,
  progress: DumpProgress,
  validators?: readonly (readonly [key: string, value: string])[],
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (text: string) => {
    hash.update(text);
    return text;
  };
  const rows: Record<string, number> = {};
  yield hashed(line(await headerOf(reader)));
  for (const table of tables) {
    rows[table.name] = 0;
    progress.table = table.name;
    yield hashed(line({ table: table.name }));
    const isElsewhere = table.name === 'http_validators' && validators !== undefined;
    for await (const batch of isElsewhere ? [validators] : rowsOf(table, reader)) {
      yield hashed(batch.map((row) => line(row)).join(''));
      rows[table.name] = (rows[table.name] ?? 0) + batch.length;
      progress.rows += batch.length;
    }
  }
  const end: End = { end: true, rows, sha256: hash.digest('hex') };
  yield line(end);
}

/** The values of a table's rows in the order of its columns, by key. */
async function* rowsOf(table: TableShape, reader: Reader): AsyncGenerator<unknown[][]> {
  const names = Object.keys(table.columns);
  const isBoolean = names.map((name) => table.columns[name] === 'boolean');
  for await (const batch of reader.batches<Record<string, unknown>>(allRowsOf(table), batchSizes)) {
    // SQLite stores booleans as numbers.
    yield batch.map((row) =>
      names.map((name, index) => (isBoolean[index] && row[name] !== null ? Boolean(row[name]) : row[name])),
    );
  }
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

async function headerOf(reader: Reader): Promise<Header> {
  return {
    hangarbay_dump: dumpVersion,
    migration: newestMigration(),
    identity: await identityOf(reader),
    created_at: reader.now,
    tables: Object.fromEntries(tables.map(({ name, columns }) => [name, Object.keys(columns)])),
  };
}

/** Both databases have the same migrations. */
export function newestMigration(): string {
  return readMigrations('postgres').at(-1)?.name ?? '';
}
