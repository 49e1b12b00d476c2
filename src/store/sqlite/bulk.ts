import type { Statement } from 'better-sqlite3';
import { HangarbayError } from '../../errors.ts';
import type { TableShape } from '../bulk/tables.ts';
import type { BulkWriter, WriteInBulk } from '../bulk/writer.ts';
import { storageErrorOf } from '../failures.ts';
import type { Client } from './connection.ts';
import { compile } from './driver.ts';
import { transaction } from './transaction.ts';

const cacheKilobytes = 128 * 1024;

/** Nothing else uses the connection meanwhile, so the transaction may stay open while the work waits for its rows. */
export function sqliteBulkWriter(client: Client, path: string): WriteInBulk {
  return async (work) => {
    const inserts = new Map<string, Statement>();
    // Index writes are scattered: with a small cache, the same pages are written again and again.
    client.pragma(`cache_size = -${cacheKilobytes}`);
    const writer: BulkWriter = {
      async insert({ name, columns }, rows, target = name) {
        const statement = inserts.get(target) ?? client.prepare(insertText(target, columns));
        inserts.set(target, statement);
        for (const row of rows) statement.run(row.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
      },
      async run<Row>(query: Parameters<typeof compile>[0]) {
        const { text, parameters } = compile(query);
        const statement = client.prepare(text);
        if (statement.reader) return statement.all(...parameters) as Row[];
        statement.run(...parameters);
        return [];
      },
    };
    try {
      return await transaction(client, () => work(writer));
    } catch (error) {
      // This error already has a message for the user.
      if (error instanceof HangarbayError) throw error;
      throw storageErrorOf(error, `the database ${path}`) ?? error;
    }
  };
}

function insertText(table: string, columns: TableShape['columns']): string {
  const names = Object.keys(columns);
  return `INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
}
