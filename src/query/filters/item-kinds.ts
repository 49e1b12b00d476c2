import { type SQL, sql } from 'drizzle-orm';
import { isAmongIds } from '../engine/conditions.ts';
import type { ItemFilter, Nameable } from '../engine/filter.ts';
import { isOfType, typesOfCategories } from './held-items.ts';
import { namedItemFilter } from './named-filter.ts';
import { nameable } from './names.ts';

/** Filters of the kind of item by what it belongs to; each resolves to type ids. */
const groupings: readonly ItemFilter[] = [
  kind(
    'group',
    nameable.group,
    'a type of this group',
    (ids) => sql`
    SELECT type_id FROM types WHERE ${isAmongIds(sql`group_id`, ids)}`,
  ),
  kind('category', nameable.category, 'a type of this category', typesOfCategories),
  kind(
    'market-group',
    nameable.marketGroup,
    'a type of this market group or of its subgroups',
    (ids) => sql`
    WITH RECURSIVE subtree (market_group_id) AS (
      SELECT market_group_id FROM market_groups WHERE ${isAmongIds(sql`market_group_id`, ids)}
      UNION SELECT market_groups.market_group_id FROM market_groups
        JOIN subtree ON subtree.market_group_id = market_groups.parent_group_id)
    SELECT types.type_id AS type_id FROM types JOIN subtree ON subtree.market_group_id = types.market_group_id`,
  ),
];

/** Filters of the kind of item. */
export const kinds: readonly ItemFilter[] = [
  namedItemFilter('item', nameable.type, 'offers this type', isOfType),
  ...groupings,
];

/** The same for blueprints only, where a ship's name means its blueprint. */
export const blueprintKinds: readonly ItemFilter[] = [
  namedItemFilter('item', nameable.blueprint, "this blueprint, by its own name or by its product's", isOfType),
  ...groupings,
];

function kind(name: string, names: Nameable, offered: string, typesOf: (ids: readonly number[]) => SQL): ItemFilter {
  return namedItemFilter(name, names, `offers ${offered}`, async (ids, { reader }) => {
    const types = await reader.all<{ type_id: number }>(typesOf(ids));
    return isOfType(types.map(({ type_id }) => type_id));
  });
}
