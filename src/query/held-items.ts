import { type SQL, sql } from 'drizzle-orm';
import { blueprintCategoryId, shipCategoryId } from '../eve/id-ranges.ts';
import type { Reader } from '../store/store.ts';
import { allOf, isAmongIds } from './conditions.ts';
import type { FilterContext } from './subject.ts';

/** A condition on one item. */
export interface ItemCondition {
  readonly sql: SQL;
  /** Whether an index finds the items that fit. */
  readonly isIndexed: boolean;
}

/** Up to so many items it is quicker to find them than to look into one contract after the other. */
const fewItems = 5_000;

const itemType = sql`contract_items.type_id`;

/** The item is of one of these types. */
export function isOfType(ids: readonly number[]): ItemCondition {
  return { sql: isAmongIds(itemType, ids), isIndexed: true };
}

const isOfCategory = (id: number): ItemCondition => ({
  sql: sql`${itemType} IN (
    SELECT types.type_id FROM types JOIN groups ON groups.group_id = types.group_id WHERE groups.category_id = ${id})`,
  isIndexed: true,
});

export const isShip = isOfCategory(shipCategoryId);
export const isBlueprint = isOfCategory(blueprintCategoryId);

/** All of the conditions hold for one item. */
export function ofOneItem(conditions: readonly ItemCondition[]): ItemCondition {
  return {
    sql: allOf(conditions.map((condition) => condition.sql)),
    isIndexed: conditions.some(({ isIndexed }) => isIndexed),
  };
}

/** The contract offers an item that the condition is true of. */
export function offersAny(condition: ItemCondition, context: FilterContext): Promise<SQL> {
  return holdsAny(condition, sql`contract_items.is_included`, context);
}

/** The contract asks for an item that the condition is true of. */
export function asksForAny(condition: ItemCondition, context: FilterContext): Promise<SQL> {
  return holdsAny(condition, sql`NOT contract_items.is_included`, context);
}

/** What a contract holds is asked so that no contract comes twice. */
async function holdsAny({ sql: condition, isIndexed }: ItemCondition, side: SQL, context: FilterContext): Promise<SQL> {
  const found = sql`FROM contract_items WHERE ${side} AND ${condition} AND ${await sinceOldestListed(context)}`;
  if (isIndexed && (await areFew(found, context.reader))) {
    return sql`contracts.contract_id IN (SELECT contract_items.contract_id ${found})`;
  }
  return sql`EXISTS (
    SELECT 1 FROM contract_items
    WHERE contract_items.contract_id = contracts.contract_id AND ${side} AND ${condition})`;
}

/** SQLite does not weigh the two ways against each other, and both cost seconds where the other takes milliseconds. */
async function areFew(found: SQL, reader: Reader): Promise<boolean> {
  const [row] = await reader.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM (SELECT 1 ${found} LIMIT ${fewItems + 1}) AS first_found`,
  );
  return Number(row?.total) <= fewItems;
}

/**
 * Ids grow with time: where only contracts are asked for that are not gone, no item of one that is older than all of
 * these needs to be looked at, and that is most of a long history.
 */
export async function sinceOldestListed({ given, reader }: FilterContext): Promise<SQL> {
  if (given.state === undefined || given.state.some((state) => !['listed', 'expired'].includes(state)))
    return sql`TRUE`;
  const [oldest] = await reader.all<{ contract_id: number | null }>(
    sql`SELECT min(contract_id) AS contract_id FROM contracts WHERE gone_at IS NULL`,
  );
  const id = oldest?.contract_id ?? null;
  return id === null ? sql`FALSE` : sql`contract_items.contract_id >= ${sql.raw(String(id))}`;
}
