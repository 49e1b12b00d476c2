import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../store/store.ts';
import { isAmongIds } from './conditions.ts';
import { type ItemCondition, isOfType } from './held-items.ts';
import type { ItemFlag } from './item-filters.ts';
import { idsOf, type Nameable, nameable } from './names.ts';
import type { FilterContext } from './subject.ts';

/** Flags that say what kind of item is meant; each comes down to the ids of some types. */
export const kinds: readonly ItemFlag[] = [
  namedFlag('--item', nameable.type, 'offers this type', isOfType),
  kind(
    '--group',
    nameable.group,
    'a type of this group',
    (ids) => sql`
    SELECT type_id FROM types WHERE ${isAmongIds(sql`group_id`, ids)}`,
  ),
  kind(
    '--category',
    nameable.category,
    'a type of this category',
    (ids) => sql`
    SELECT types.type_id AS type_id FROM types JOIN groups ON groups.group_id = types.group_id
    WHERE ${isAmongIds(sql`groups.category_id`, ids)}`,
  ),
  kind(
    '--market-group',
    nameable.marketGroup,
    'a type of this market group, or of one below it',
    (ids) => sql`
    WITH RECURSIVE subtree (market_group_id) AS (
      SELECT market_group_id FROM market_groups WHERE ${isAmongIds(sql`market_group_id`, ids)}
      UNION SELECT market_groups.market_group_id FROM market_groups
        JOIN subtree ON subtree.market_group_id = market_groups.parent_group_id)
    SELECT types.type_id AS type_id FROM types JOIN subtree ON subtree.market_group_id = types.market_group_id`,
  ),
];

function kind(flag: string, names: Nameable, offered: string, typesOf: (ids: readonly number[]) => SQL): ItemFlag {
  return namedFlag(flag, names, `offers ${offered}`, async (ids, { reader }) =>
    isOfType(await typeIds(typesOf(ids), reader)),
  );
}

/** As {@link namedFilter}, of one item. */
export function namedFlag(
  flag: string,
  names: Nameable,
  description: string,
  conditionOf: (ids: readonly number[], context: FilterContext) => Promise<ItemCondition> | ItemCondition,
): ItemFlag {
  return {
    flag,
    argument: '<name or id>',
    description,
    names,
    ofItem: async (values, context) => conditionOf(await idsOf(values, names, flag, context), context),
  };
}

async function typeIds(query: SQL, reader: Reader): Promise<number[]> {
  return (await reader.all<{ type_id: number }>(query)).map(({ type_id }) => type_id);
}
