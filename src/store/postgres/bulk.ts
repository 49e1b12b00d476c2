import { type SQL, sql } from 'drizzle-orm';
import { HangarbayError } from '../../errors.ts';
import type { TableShape } from '../bulk/tables.ts';
import type { BulkWriter, WriteInBulk } from '../bulk/writer.ts';
import { storageErrorOf } from '../failures.ts';
import { labelOf } from './address.ts';
import type { Pool, Session } from './connection.ts';
import { postgresDialect } from './driver.ts';
import { isConnectionLost, unreachable } from './errors.ts';
import type { PostgresLock } from './lock.ts';
import { execute } from './statement.ts';
import { transaction } from './transaction.ts';

/** One transaction on one connection: if the connection is lost, nothing was written. */
export function postgresBulkWriter(url: string, pool: Pool, lock: PostgresLock): WriteInBulk {
  return async <Result>(work: (writer: BulkWriter) => Promise<Result>) => {
    try {
      await lock.ensure();
      return await transaction(pool.client, '', async (session) => {
        const result = await work(writerOver(session));
        // Continues the ids of changes after the imported ones.
        await execute(
          session(),
          sql`SELECT setval(pg_get_serial_sequence('contract_changes', 'change_id'), max(change_id)) FROM contract_changes
            HAVING max(change_id) IS NOT NULL`,
        );
        return result;
      });
    } catch (error) {
      // This error already has a message for the user.
      if (error instanceof HangarbayError) throw error;
      if (isConnectionLost(error)) throw unreachable(url, error);
      throw storageErrorOf(error, labelOf(url)) ?? error;
    }
  };
}

function writerOver(session: () => Session): BulkWriter {
  return {
    async insert({ name, columns }, rows, target = name) {
      await execute(session(), insertStatement(target, columns, rows), { isPrepared: true });
    },
    run: (statement) => execute(session(), statement),
  };
}

function insertStatement(table: string, columns: TableShape['columns'], rows: readonly (readonly unknown[])[]): SQL {
  const names = Object.keys(columns);
  const objects = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  const list = sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  );
  return sql`INSERT INTO ${sql.identifier(table)} (${list}) OVERRIDING SYSTEM VALUE
    SELECT ${list} FROM (${postgresDialect.rows(columns, objects)}) AS given`;
}
