import { type SQL, sql } from 'drizzle-orm';
import { type TableShape, tables } from '../store/bulk/tables.ts';
import type { BulkWriter } from '../store/bulk/writer.ts';

/** Writes rows of tables in the order of the dump. */
export interface TableWriter {
  /** @returns how many of the rows were added */
  write(table: TableShape, rows: readonly (readonly unknown[])[]): Promise<number>;
}

/** Tables whose rows are added together with a new contract only. */
const ofNewContracts = ['contract_items', 'contract_values', 'contract_evidence', 'contract_changes', 'departures'];
/** Facts about another database, which do not apply here. */
const left = ['http_validators', 'meta'];

/**
 * Adds missing rows: contracts with all their rows, bids, passes, and other rows with new keys. Existing rows stay
 * unchanged, except for reference data that was never fetched.
 */
export async function mergeWriter(writer: BulkWriter): Promise<TableWriter> {
  await writer.run(sql`CREATE TEMPORARY TABLE added_contracts (contract_id bigint PRIMARY KEY)`);
  for (const { name } of tables) {
    if (!left.includes(name)) {
      await writer.run(sql`CREATE TEMPORARY TABLE ${given(name)} AS SELECT * FROM ${sql.identifier(name)} WHERE FALSE`);
    }
  }
  return {
    async write(table, rows) {
      if (left.includes(table.name)) return 0;
      await writer.insert(table, rows, `given_${table.name}`);
      const added = await (table.name === 'contracts' ? addContracts(writer) : add(table, writer));
      await writer.run(sql`DELETE FROM ${given(table.name)}`);
      return added;
    },
  };
}

const given = (table: string) => sql.identifier(`given_${table}`);

async function addContracts(writer: BulkWriter): Promise<number> {
  const added = sql`SELECT contract_id FROM given_contracts WHERE ${isNotStored('given_contracts')}`;
  await writer.run(sql`INSERT INTO added_contracts (contract_id) ${added}`);
  // The contract is complete now, so it leaves the backlog.
  await writer.run(sql`DELETE FROM contract_backlog WHERE contract_id IN (${added})`);
  const rows = await writer.run(sql`
    INSERT INTO contracts SELECT * FROM given_contracts WHERE contract_id IN (${added}) RETURNING 1 AS added`);
  return rows.length;
}

async function add({ name, columns, key }: TableShape, writer: BulkWriter): Promise<number> {
  const table = sql.identifier(name);
  // Each database numbers its own changes.
  const names = Object.keys(columns).filter((column) => column !== 'change_id');
  const list = sql.join(
    names.map((column) => sql.identifier(column)),
    sql`, `,
  );
  if ('fetched_at' in columns && name !== 'rolls') {
    const id = sql.identifier(key[0] ?? '');
    await writer.run(sql`DELETE FROM ${table} WHERE fetched_at IS NULL AND ${id} IN (
      SELECT ${id} FROM ${given(name)} WHERE fetched_at IS NOT NULL)`);
  }
  const rows = await writer.run(sql`
    INSERT INTO ${table} (${list}) SELECT ${list} FROM ${given(name)} WHERE ${isWanted(name)}
    ORDER BY ${sql.join(
      key.map((column) => sql.identifier(column)),
      sql`, `,
    )} ON CONFLICT DO NOTHING RETURNING 1 AS added`);
  return rows.length;
}

/** Not NOT IN, because PostgreSQL would read all stored contracts for every batch. */
const isNotStored = (table: string) => sql`NOT EXISTS (
  SELECT 1 FROM contracts WHERE contracts.contract_id = ${sql.identifier(table)}.contract_id)`;

function isWanted(table: string): SQL {
  if (ofNewContracts.includes(table)) return sql`contract_id IN (SELECT contract_id FROM added_contracts)`;
  if (table === 'contract_backlog') {
    return isNotStored('given_contract_backlog');
  }
  return sql`TRUE`;
}
