import { type SQL, sql } from 'drizzle-orm';
import { blueprintCategoryId, shipCategoryId } from '../../eve/id-ranges.ts';
import { allOf, isAmongIds } from '../engine/conditions.ts';
import { areFew } from '../engine/few.ts';
import type { FilterContext, Given, ItemCondition } from '../engine/filter.ts';

/** Whether the question excludes gone contracts. */
export function asksForListed({ state }: Given): boolean {
  return state?.every((word) => word === 'listed' || word === 'expired') ?? false;
}

const itemType = sql`contract_items.type_id`;

/** The item is of one of these types. */
export function isOfType(ids: readonly number[]): ItemCondition {
  return { sql: isAmongIds(itemType, ids), isIndexed: true };
}

/** The types of these categories: a query with one column, `type_id`. */
export const typesOfCategories = (ids: readonly number[]) => sql`
  SELECT types.type_id AS type_id FROM types JOIN groups ON groups.group_id = types.group_id
  WHERE ${isAmongIds(sql`groups.category_id`, ids)}`;

export const isShip: ItemCondition = {
  sql: sql`${itemType} IN (${typesOfCategories([shipCategoryId])})`,
  isIndexed: true,
};

/** A third of all items are blueprints, so this keeps both databases from using the index by type. */
export const isBlueprint: ItemCondition = {
  sql: sql`(${itemType} + 0) IN (${typesOfCategories([blueprintCategoryId])})`,
  isIndexed: false,
};

/** All of the conditions on one item. */
export function ofOneItem(conditions: readonly ItemCondition[]): ItemCondition {
  return {
    sql: allOf(conditions.map((condition) => condition.sql)),
    isIndexed: conditions.some(({ isIndexed }) => isIndexed),
  };
}

/** The contract offers an item that meets the condition. */
export function offersAny(condition: ItemCondition, context: FilterContext): Promise<SQL> {
  return holdsAny(condition, sql`contract_items.is_included`, context);
}

/** The contract asks for an item that meets the condition. */
export function asksForAny(condition: ItemCondition, context: FilterContext): Promise<SQL> {
  return holdsAny(condition, sql`NOT contract_items.is_included`, context);
}

/** Uses IN or EXISTS, because a join would repeat a contract for each matching item. */
async function holdsAny({ sql: condition, isIndexed }: ItemCondition, side: SQL, context: FilterContext): Promise<SQL> {
  const found = sql`FROM contract_items WHERE ${side} AND ${condition} AND ${await sinceOldestListed(context)}`;
  if (isIndexed && (await areFew(found, context.reader))) {
    return sql`contracts.contract_id IN (SELECT contract_items.contract_id ${found})`;
  }
  return sql`EXISTS (
    SELECT 1 FROM contract_items
    WHERE contract_items.contract_id = contracts.contract_id AND ${side} AND ${condition})`;
}

/**
 * Contract ids grow with time. Without gone contracts, items of contracts older than the oldest listed one can be
 * skipped, which is most of a long history.
 */
export async function sinceOldestListed({ given, reader }: FilterContext): Promise<SQL> {
  if (!asksForListed(given)) return sql`TRUE`;
  const [oldest] = await reader.all<{ contract_id: number | null }>(
    sql`SELECT min(contract_id) AS contract_id FROM contracts WHERE gone_at IS NULL`,
  );
  const id = oldest?.contract_id ?? null;
  return id === null ? sql`FALSE` : sql`contract_items.contract_id >= ${sql.raw(String(id))}`;
}
