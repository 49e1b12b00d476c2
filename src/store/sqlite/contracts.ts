import type { Statement } from 'better-sqlite3';
import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import { messageOf } from '../../errors.ts';
import { tableOf } from '../../eve/reference.ts';
import { RejectedError, storageErrorOf } from '../failures.ts';
import { contractKey } from '../operations/backlog.ts';
import type { StoreContracts } from '../operations/grouping.ts';
import {
  type ContractNeed,
  contractNeeds,
  type Needs,
  NewNeeds,
  namedByContracts,
} from '../operations/universe/needs.ts';
import type { UnitOfWork } from '../records/pass.ts';
import { contractItems, contracts } from '../schema/sqlite.ts';
import { appearanceRow, contractRow } from '../unit-of-work.ts';
import { type Client, sqliteErrorOf } from './connection.ts';
import { inSlices, transaction } from './transaction.ts';

/** The hot path of a pass: statements prepared once, one row at a time, the fastest way on SQLite. */
export function contractWriter(client: Client, path: string): StoreContracts {
  const insertContract = inserter(client, getTableName(contracts), columnsOf(contracts), 'ON CONFLICT DO NOTHING');
  const insertItem = inserter(client, getTableName(contractItems), columnsOf(contractItems));
  const insertChange = inserter(client, 'contract_changes', ['run_id', 'contract_id', 'region_id', 'at', 'change']);
  const dequeue = client.prepare<[string]>('DELETE FROM contract_backlog WHERE backlog_key = ?');
  const enter = Object.fromEntries(
    contractNeeds.map((kind) => {
      const { table, id } = tableOf(kind);
      return [kind, inserter(client, table, [id], 'ON CONFLICT DO NOTHING')];
    }),
  ) as Readonly<Record<ContractNeed, Insert>>;
  const newNeeds = new NewNeeds();

  function* write(units: readonly UnitOfWork[], needs: Needs<ContractNeed>): Generator<void> {
    for (const unit of units) {
      yield;
      const { contract_id } = unit.contract;
      const isNew = insertContract(contractRow(unit)).changes > 0;
      dequeue.run(contractKey(contract_id));
      // Contents never change, so stored contracts are not written again.
      if (!isNew) continue;
      for (const item of unit.items ?? []) insertItem({ ...item, contract_id });
      insertChange(appearanceRow(unit));
    }
    for (const [kind, ids] of needs) for (const id of ids) enter[kind]({ [tableOf(kind).id]: id });
  }

  return async (units) => {
    const needs = newNeeds.of(namedByContracts(units));
    try {
      await transaction(client, () => inSlices(write(units, needs)));
      newNeeds.add(needs);
    } catch (error) {
      const isRefused = sqliteErrorOf(error)?.code.startsWith('SQLITE_CONSTRAINT');
      if (!isRefused) throw storageErrorOf(error, `the database ${path}`) ?? error;
      throw new RejectedError(`the database rejected it: ${messageOf(sqliteErrorOf(error))}`, { cause: error });
    }
  };
}

/** Writes one row with fields named like the columns; missing fields become null. */
type Insert = (row: Readonly<Record<string, unknown>>) => ReturnType<Statement['run']>;

const columnsOf = (table: Table) => Object.values(getTableColumns(table)).map(({ name }) => name);

function inserter(client: Client, table: string, columns: readonly string[], ending = ''): Insert {
  const names = columns.map((name) => `"${name}"`).join(', ');
  const values = columns.map(() => '?').join(', ');
  const statement = client.prepare(`INSERT INTO "${table}" (${names}) VALUES (${values}) ${ending}`);
  return (row) => statement.run(columns.map((name) => asSqlite(row[name])));
}

/** SQLite has no booleans. */
const asSqlite = (value: unknown) => (typeof value === 'boolean' ? Number(value) : (value ?? null));
