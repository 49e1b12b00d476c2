import type { Statement } from 'better-sqlite3';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { messageOf } from '../../errors.ts';
import { tableOf } from '../../eve/reference.ts';
import { RejectedError, storageErrorOf } from '../failures.ts';
import { contractKey } from '../operations/backlog.ts';
import { type ContractNeed, contractNeeds, type Needs, NewNeeds, namedByContract } from '../operations/needs.ts';
import type { UnitOfWork } from '../records.ts';
import { contractBacklog, contractChanges, contractItems, contracts } from '../schema/sqlite.ts';
import type { Store } from '../store.ts';
import { appearanceRow, contractRow } from '../unit-of-work.ts';
import { type Client, sqliteErrorOf } from './connection.ts';
import { placeholdersFor } from './statements.ts';

/** The hot path of a pass: statements prepared once, one row at a time, which is the fastest way here. */
export function contractWriter(client: Client, path: string): Pick<Store, 'storeContract'> {
  const database = drizzle({ client });
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

  const enter = Object.fromEntries(
    contractNeeds.map((kind) => {
      const { table, id } = tableOf(kind);
      const text = `INSERT INTO "${table}" ("${id}") VALUES (?) ON CONFLICT DO NOTHING`;
      return [kind, client.prepare<[number]>(text)];
    }),
  ) as Readonly<Record<ContractNeed, Statement<[number]>>>;
  const newNeeds = new NewNeeds();

  function write(unit: UnitOfWork, needs: Needs<ContractNeed>): void {
    const { contract_id } = unit.contract;
    const isNew = insertContract.run(contractRow(unit)).changes > 0;
    dequeue.run({ backlog_key: contractKey(contract_id) });
    // Contents never change: what is stored already is not written again.
    if (!isNew) return;
    for (const item of unit.items ?? []) insertItem.run({ ...item, contract_id });
    insertChange.run(appearanceRow(unit));
    for (const [kind, ids] of needs) for (const id of ids) enter[kind].run(id);
  }

  return {
    async storeContract(unit) {
      const needs = newNeeds.of(namedByContract(unit));
      try {
        database.transaction(() => write(unit, needs), { behavior: 'immediate' });
        newNeeds.add(needs);
      } catch (error) {
        const isRefused = sqliteErrorOf(error)?.code.startsWith('SQLITE_CONSTRAINT');
        if (!isRefused) throw storageErrorOf(error, `the database ${path}`) ?? error;
        throw new RejectedError(`the database refused it: ${messageOf(sqliteErrorOf(error))}`, { cause: error });
      }
    },
  };
}
