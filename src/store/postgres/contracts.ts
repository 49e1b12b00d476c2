import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import { messageOf } from '../../errors.ts';
import { tableOf } from '../../eve/reference.ts';
import { RejectedError } from '../failures.ts';
import { contractKey } from '../operations/backlog.ts';
import type { StoreContracts } from '../operations/grouping.ts';
import { contractNeeds, NewNeeds, namedByContracts } from '../operations/universe/needs.ts';
import { contractItems, contracts } from '../schema/postgres.ts';
import { appearanceRow, contractRow } from '../unit-of-work.ts';
import type { Commits } from './commits.ts';
import type { Survive } from './driver.ts';
import { isAboutData } from './errors.ts';
import { compile, execute } from './statement.ts';

const columnList = (table: typeof contracts | typeof contractItems): SQL =>
  sql.join(
    Object.keys(getTableColumns(table)).map((name) => sql.identifier(name)),
    sql`, `,
  );

/**
 * The hot path of a pass: one statement, so one transaction and one round trip, moves contracts from the backlog into
 * the tables with all their items. If it is repeated because its answer was lost, the contracts exist already and
 * nothing is written twice.
 */
export function contractWriter(survive: Survive, commits: Commits): StoreContracts {
  const contractColumns = columnList(contracts);
  const itemColumns = columnList(contractItems);
  const entered = sql.join(
    contractNeeds.map((kind) => {
      const { table, id } = tableOf(kind);
      return sql`${sql.identifier(`entered_${table}`)} AS (
        INSERT INTO ${sql.identifier(table)} (${sql.identifier(id)})
        SELECT value::bigint FROM json_array_elements_text(${'ids'}::json) ON CONFLICT DO NOTHING)`;
    }),
    sql`, `,
  );
  const newNeeds = new NewNeeds();
  // Compiled once, because this takes longer than running it.
  const { sql: text } = compile(sql`
    WITH dequeued AS (
      DELETE FROM contract_backlog
      WHERE backlog_key IN (SELECT value FROM json_array_elements_text(${'keys'}::json))),
    stored AS (
      INSERT INTO contracts (${contractColumns})
      SELECT ${contractColumns} FROM json_populate_recordset(NULL::contracts, ${'contracts'}::json)
      ON CONFLICT (contract_id) DO NOTHING RETURNING contract_id),
    appeared AS (
      INSERT INTO contract_changes (run_id, contract_id, region_id, at, change)
      SELECT run_id, contract_id, region_id, at, change
      FROM json_populate_recordset(NULL::contract_changes, ${'changes'}::json) AS change
      WHERE change.contract_id IN (SELECT contract_id FROM stored)),
    ${entered},
    filled AS (
      INSERT INTO contract_items (${itemColumns})
      SELECT ${itemColumns} FROM json_populate_recordset(NULL::contract_items, ${'items'}::json) AS item
      WHERE item.contract_id IN (SELECT contract_id FROM stored))
    SELECT txid_current() AS transaction`);
  return async (units) => {
    const keys = units.map(({ contract: { contract_id } }) => contractKey(contract_id));
    const items = units.flatMap(({ contract: { contract_id }, items }) =>
      (items ?? []).map((item) => ({ ...item, contract_id })),
    );
    const needs = newNeeds.of(namedByContracts(units));
    // Sorted, because two transactions that enter the same ids in different orders could deadlock.
    const ids = contractNeeds.map((kind) => [...(needs.get(kind) ?? [])].toSorted((a, b) => a - b));
    const params = [keys, units.map(contractRow), units.map(appearanceRow), ...ids, items].map((rows) =>
      JSON.stringify(rows),
    );
    try {
      const [row] = await survive((client) =>
        execute<{ transaction: number }>(client, { sql: text, params }, { isPrepared: true }),
      );
      commits.add(row?.transaction ?? null);
      newNeeds.add(needs);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      throw new RejectedError(`the database rejected it: ${messageOf(error)}`, { cause: error });
    }
  };
}
