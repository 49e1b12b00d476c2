import { type SQL, sql } from 'drizzle-orm';
import type { TableShape } from '../store/bulk/tables.ts';
import type { Reader } from '../store/reader.ts';

/** A month of issue. */
export interface Month {
  /** `YYYY-MM`, in UTC. */
  readonly month: string;
  readonly first_contract_id: number;
  readonly last_contract_id: number;
}

/**
 * The columns that change whenever rows of a table do. Items and rolls are stored once with their contract; a stored
 * contract changes only while it is listed, when it goes, and when its outcome becomes known.
 */
const factsOf: Readonly<Record<string, readonly SQL[]>> = {
  contracts: [
    sql`count(*)`,
    sql`sum(contracts.contract_id)`,
    sql`max(contracts.last_seen_at)`,
    sql`count(contracts.gone_at)`,
    sql`max(contracts.gone_at)`,
    sql`count(contracts.outcome)`,
    sql`sum(CASE WHEN contracts.outcome = 'unknown' THEN 1 ELSE 0 END)`,
  ],
  contract_items: [sql`count(*)`, sql`sum(contracts.contract_id)`],
  contract_values: [
    sql`count(*)`,
    sql`sum(contract_values.contract_id)`,
    sql`sum(contract_values.unpriced_item_count)`,
    sql`sum(contract_values.estimated_value)`,
  ],
  contract_bids: [sql`count(*)`, sql`sum(contract_bids.bid_id)`, sql`max(contract_bids.first_seen_at)`],
  contract_changes: [sql`count(*)`, sql`max(contract_changes.change_id)`],
  rolls: rollFacts(),
  roll_attributes: rollFacts(),
};

function rollFacts(): readonly SQL[] {
  return [
    sql`count(*)`,
    sql`sum(rolls.contract_id)`,
    sql`max(rolls.item_id)`,
    sql`count(rolls.fetched_at)`,
    sql`max(rolls.fetched_at)`,
    sql`sum(CASE WHEN rolls.is_unknown THEN 1 ELSE 0 END)`,
  ];
}

/** A cheaper source of these columns than the table itself. */
const factsFrom: Readonly<Record<string, string>> = { contract_items: 'contracts', roll_attributes: 'rolls' };

/** All months with contracts. */
export async function monthsOf(reader: Reader): Promise<Month[]> {
  const [range] = await reader.all<{ first: string | null; last: string | null }>(
    sql`SELECT min(date_issued) AS first, max(date_issued) AS last FROM contracts`,
  );
  const months: Month[] = [];
  for (const month of monthsBetween(range?.first ?? null, range?.last ?? null)) {
    // Month by month, using the index of dates. With GROUP BY, SQLite would sort all contracts in memory.
    const [ids] = await reader.all<{ first: number | null; last: number | null }>(
      sql`SELECT min(contract_id) AS first, max(contract_id) AS last FROM contracts
        WHERE date_issued >= ${startOf(month)} AND date_issued < ${startOf(following(month))}`,
    );
    if (ids === undefined || ids.first === null || ids.last === null) continue;
    months.push({ month, first_contract_id: ids.first, last_contract_id: ids.last });
  }
  return months;
}

/** @returns a text that changes whenever the table's rows of the month do; undefined without rows */
export async function stateOf(reader: Reader, table: TableShape, month: Month): Promise<string | undefined> {
  const facts = (factsOf[table.name] ?? []).map((fact, index) => sql`${fact} AS ${sql.identifier(`fact_${index}`)}`);
  const [found] = await reader.all<Record<string, unknown>>(
    sql`SELECT ${sql.join(facts, sql`, `)} ${rowsOf(factsFrom[table.name] ?? table.name, month)}`,
  );
  const [count, ...others] = Object.values(found ?? {});
  return Number(count) === 0 ? undefined : JSON.stringify([Object.keys(table.columns), count, ...others]);
}

/** The rows of a table that belong to the contracts of a month, by contract. */
export function select({ name, columns, key }: TableShape, month: Month): SQL {
  const owner = name === 'roll_attributes' ? 'rolls' : name;
  const order = [
    column(owner, 'contract_id'),
    ...key.filter((part) => part !== 'contract_id').map((part) => column(name, part)),
  ];
  const list = Object.keys(columns).map((part) => column(name, part));
  return sql`SELECT ${sql.join(list, sql`, `)} ${rowsOf(name, month)} ORDER BY ${sql.join(order, sql`, `)}`;
}

/**
 * Uses the range of the month's ids, which are close together, so that no database reads its whole history or sorts
 * again what the key has in order. The date is written as an expression without an index, because SQLite would
 * otherwise use that index and sort in memory.
 */
function rowsOf(table: string, { month, first_contract_id, last_contract_id }: Month): SQL {
  const [owner, joins] = owners[table] ?? [table, joinContracts(table)];
  return sql`FROM ${sql.identifier(table)} ${joins}
    WHERE ${column(owner, 'contract_id')} BETWEEN ${first_contract_id} AND ${last_contract_id}
      AND substr(CAST(contracts.date_issued AS text), 1, 7) = ${month}`;
}

/** The table with the contract ids, and its join to contracts, if it is not the table itself. */
const owners: Readonly<Record<string, readonly [owner: string, joins: SQL]>> = {
  contracts: ['contracts', sql``],
  roll_attributes: ['rolls', sql`JOIN rolls ON rolls.item_id = roll_attributes.item_id ${joinContracts('rolls')}`],
};

function joinContracts(table: string): SQL {
  return sql`JOIN contracts ON contracts.contract_id = ${column(table, 'contract_id')}`;
}

function* monthsBetween(first: string | null, last: string | null): Generator<string> {
  if (first === null || last === null) return;
  for (let month = first.slice(0, 7); month <= last.slice(0, 7); month = following(month)) yield month;
}

const startOf = (month: string) => `${month}-01T00:00:00Z`;

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number)).toISOString().slice(0, 7);
}

function column(table: string, name: string): SQL {
  return sql`${sql.identifier(table)}.${sql.identifier(name)}`;
}
