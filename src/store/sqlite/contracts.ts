import { and, count, desc, eq, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { messageOf } from '../../errors.ts';
import { contractBacklog, contractItems, contracts } from '../schema/sqlite.ts';
import { type BacklogStatus, RejectedError, type Store, type UnitOfWork } from '../store.ts';
import { type Database, sqliteErrorOf } from './connection.ts';
import { placeholdersFor } from './statements.ts';
import { contractKey } from './sweeps.ts';

type ContractOperations = Pick<Store, 'dueContracts' | 'storeContract' | 'postponeContract' | 'countWaiting'>;

export function contractOperations(database: Database): ContractOperations {
  const { backlog_key, contract_id, region_id, next_attempt_at, gone_at, status } = contractBacklog;
  const insertContract = database.insert(contracts).values(placeholdersFor(contracts)).prepare();
  const insertItem = database.insert(contractItems).values(placeholdersFor(contractItems)).prepare();
  const dequeue = database
    .delete(contractBacklog)
    .where(eq(backlog_key, sql.placeholder('backlog_key')))
    .prepare();

  function write({ contract, items, ...seen }: UnitOfWork): void {
    insertContract.run({
      ...contract,
      ...seen,
      title_folded: contract.title?.toLowerCase() ?? null,
      item_count: items.length,
      gone_at: null,
      outcome: null,
    });
    for (const item of items) insertItem.run({ ...item, contract_id: contract.contract_id });
    dequeue.run({ backlog_key: contractKey(contract.contract_id) });
  }

  return {
    async dueContracts(regionIds, now) {
      const rows = database
        .select({
          contract_id: sql<number>`${contract_id}`,
          region_id,
          row: contractBacklog.row,
          attempts: contractBacklog.attempts,
          first_seen_at: contractBacklog.first_seen_at,
          last_seen_at: contractBacklog.last_seen_at,
        })
        .from(contractBacklog)
        .where(
          and(inArray(region_id, [...regionIds]), lte(next_attempt_at, now), isNull(gone_at), isNotNull(contract_id)),
        )
        .orderBy(desc(contractBacklog.date_expired), contract_id);
      return rows.all();
    },
    async storeContract(unit) {
      try {
        database.transaction(() => write(unit), { behavior: 'immediate' });
      } catch (error) {
        if (!sqliteErrorOf(error)?.code.startsWith('SQLITE_CONSTRAINT')) throw error;
        throw new RejectedError(`the database refused it: ${messageOf(sqliteErrorOf(error))}`, { cause: error });
      }
    },
    async postponeContract({ contract_id: id, ...postponement }) {
      database
        .update(contractBacklog)
        .set(postponement)
        .where(eq(backlog_key, contractKey(id)))
        .run();
    },
    async countWaiting(regionIds) {
      return database
        .select({ region_id, status: sql<BacklogStatus>`${status}`, contracts: count() })
        .from(contractBacklog)
        .where(and(inArray(region_id, [...regionIds]), isNull(gone_at), isNotNull(next_attempt_at)))
        .groupBy(region_id, status)
        .all();
    },
  };
}
