import { eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { messageOf } from '../../errors.ts';
import { contractKey } from '../backlog.ts';
import { storageErrorOf } from '../failures.ts';
import { contractBacklog, contractChanges, contractItems, contracts } from '../schema/sqlite.ts';
import type { Store, UnitOfWork } from '../store.ts';
import { appearanceRow, contractRow, RejectedError } from '../unit-of-work.ts';
import { sqliteErrorOf } from './connection.ts';
import { placeholdersFor } from './statements.ts';

/** The hot path of a pass: statements prepared once, one row at a time, which is the fastest way here. */
export function contractWriter(database: BetterSQLite3Database, path: string): Pick<Store, 'storeContract'> {
  const insertContract = database.insert(contracts).values(placeholdersFor(contracts)).onConflictDoNothing().prepare();
  const insertItem = database.insert(contractItems).values(placeholdersFor(contractItems)).prepare();
  const insertChange = database
    .insert(contractChanges)
    .values({
      ...placeholdersFor(contractChanges),
      change_id: undefined,
      bid_id: null,
      field: null,
      old_value: null,
      new_value: null,
    })
    .prepare();
  const dequeue = database
    .delete(contractBacklog)
    .where(eq(contractBacklog.backlog_key, sql.placeholder('backlog_key')))
    .prepare();

  function write(unit: UnitOfWork): void {
    const { contract_id } = unit.contract;
    const isNew = insertContract.run(contractRow(unit)).changes > 0;
    dequeue.run({ backlog_key: contractKey(contract_id) });
    // Contents never change: what is stored already is not written again.
    if (!isNew) return;
    for (const item of unit.items ?? []) insertItem.run({ ...item, contract_id });
    insertChange.run(appearanceRow(unit));
  }

  return {
    async storeContract(unit) {
      try {
        database.transaction(() => write(unit), { behavior: 'immediate' });
      } catch (error) {
        const isRefused = sqliteErrorOf(error)?.code.startsWith('SQLITE_CONSTRAINT');
        if (!isRefused) throw storageErrorOf(error, `the database ${path}`) ?? error;
        throw new RejectedError(`the database refused it: ${messageOf(sqliteErrorOf(error))}`, { cause: error });
      }
    },
  };
}
