import { type SQL, sql } from 'drizzle-orm';
import { isAmongIds } from '../engine/conditions.ts';
import { type ItemFlag, isOfType, typesOfCategories } from './held-items.ts';
import { namedItemFlag } from './named-filter.ts';
import { type Nameable, nameable } from './names.ts';

/** Flags that say what kind of item is meant by what it belongs to; each comes down to the ids of some types. */
const groupings: readonly ItemFlag[] = [
  kind(
    '--group',
    nameable.group,
    'a type of this group',
    (ids) => sql`
    SELECT type_id FROM types WHERE ${isAmongIds(sql`group_id`, ids)}`,
  ),
  kind('--category', nameable.category, 'a type of this category', typesOfCategories),
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

/** Flags that say what kind of item is meant. */
export const kinds: readonly ItemFlag[] = [
  namedItemFlag('--item', nameable.type, 'offers this type', isOfType),
  ...groupings,
];

/** The same where only blueprints are meant, so that the name of a ship means that of its blueprint. */
export const blueprintKinds: readonly ItemFlag[] = [
  namedItemFlag('--item', nameable.blueprint, 'this blueprint; the name of what it makes will do', isOfType),
  ...groupings,
];

function kind(flag: string, names: Nameable, offered: string, typesOf: (ids: readonly number[]) => SQL): ItemFlag {
  return namedItemFlag(flag, names, `offers ${offered}`, async (ids, { reader }) => {
    const types = await reader.all<{ type_id: number }>(typesOf(ids));
    return isOfType(types.map(({ type_id }) => type_id));
  });
}
