import SqliteClient from 'better-sqlite3';
import postgres from 'postgres';
import type { DatabaseLocation } from '../../src/store/location.ts';

export type Value = string | number | boolean | null;
export type Row = readonly Value[];

/** A migrated, empty database with fast inserts and no protection against crashes. */
export interface Target {
  insert(table: string, columns: readonly string[], rows: readonly Row[]): Promise<void>;
  /** Leaves the database as one that a pass has ended with, and closes it. */
  finish(): Promise<void>;
}

export function openTarget(location: DatabaseLocation): Target {
  return location.dialect === 'sqlite' ? sqliteTarget(location.path) : postgresTarget(location.url);
}

function sqliteTarget(path: string): Target {
  const client = new SqliteClient(path);
  client.pragma('synchronous = OFF');
  return {
    async insert(table, columns, rows) {
      const values = columns.map(() => '?').join(', ');
      const statement = client.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`);
      client.transaction(() => {
        for (const row of rows) statement.run(row.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
      })();
    },
    async finish() {
      client.pragma('wal_checkpoint(TRUNCATE)');
      client.close();
    },
  };
}

function postgresTarget(url: string): Target {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const field = (value: Value) => (value === null ? '\\N' : String(value).replaceAll(/[\\\t\n]/g, ' '));
  return {
    async insert(table, columns, rows) {
      const stream = await client.unsafe(`COPY ${table} (${columns.join(', ')}) FROM STDIN`).writable();
      const done = new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject));
      for (let start = 0; start < rows.length; start += 1_000) {
        stream.write(
          `${rows
            .slice(start, start + 1_000)
            .map((row) => row.map(field).join('\t'))
            .join('\n')}\n`,
        );
      }
      stream.end();
      await done;
    },
    async finish() {
      await client`VACUUM ANALYZE`;
      await client.end();
    },
  };
}
