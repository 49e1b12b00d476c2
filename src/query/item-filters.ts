import { type SQL, sql } from 'drizzle-orm';
import { blueprintCategoryId, shipCategoryId } from '../eve/id-ranges.ts';
import { allOf, anyOf, isAmongIds } from './conditions.ts';
import { idsOf, nameable } from './names.ts';
import type { Condition, Filter, FilterContext, Given } from './subject.ts';
import { parseWhole } from './values.ts';

/** The item is of a type in one of these categories. */
const isOfCategory = (ids: readonly number[]) => sql`contract_items.type_id IN (
  SELECT types.type_id FROM types JOIN groups ON groups.group_id = types.group_id
  WHERE ${isAmongIds(sql`groups.category_id`, ids)})`;

export const isShip = isOfCategory([shipCategoryId]);
export const isBlueprint = isOfCategory([blueprintCategoryId]);

/** The contract offers an item that the condition is true of. */
export function offersAny(condition: SQL): SQL {
  return holdsAny(sql`contract_items.is_included AND ${condition}`);
}

/** What a contract holds is asked so that no contract comes twice. */
function holdsAny(condition: SQL): SQL {
  return sql`EXISTS (
    SELECT 1 FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND ${condition})`;
}

/** A flag that speaks of one item, with its condition on that item. */
interface ItemFlag extends Omit<Filter, 'condition'> {
  readonly ofItem: Condition;
}

const kinds: readonly ItemFlag[] = [
  {
    flag: '--item',
    argument: '<name or id>',
    description: 'offers this type',
    ofItem: async (values, context) => isAmongIds(itemType, await idsOf(values, nameable.type, '--item', context)),
  },
  {
    flag: '--group',
    argument: '<name or id>',
    description: 'offers a type of this group',
    ofItem: async (values, context) =>
      sql`contract_items.type_id IN (SELECT types.type_id FROM types WHERE ${isAmongIds(
        sql`types.group_id`,
        await idsOf(values, nameable.group, '--group', context),
      )})`,
  },
  {
    flag: '--category',
    argument: '<name or id>',
    description: 'offers a type of this category',
    ofItem: async (values, context) => isOfCategory(await idsOf(values, nameable.category, '--category', context)),
  },
  {
    flag: '--market-group',
    argument: '<name or id>',
    description: 'offers a type of this market group, or of one below it',
    ofItem: async (values, context) => {
      const roots = await idsOf(values, nameable.marketGroup, '--market-group', context);
      return sql`contract_items.type_id IN (
        WITH RECURSIVE subtree (market_group_id) AS (
          SELECT market_group_id FROM market_groups WHERE ${isAmongIds(sql`market_group_id`, roots)}
          UNION SELECT market_groups.market_group_id FROM market_groups
            JOIN subtree ON subtree.market_group_id = market_groups.parent_group_id)
        SELECT types.type_id FROM types JOIN subtree ON subtree.market_group_id = types.market_group_id)`;
    },
  },
];

/** An original is what is no copy: ESI tells the two apart for items that are offered only. */
const printings: readonly ItemFlag[] = [
  { flag: '--bpc', description: 'offers a blueprint copy', ofItem: () => sql`contract_items.is_blueprint_copy` },
  {
    flag: '--bpo',
    description: 'offers a blueprint original',
    ofItem: () => sql`NOT contract_items.is_blueprint_copy AND ${isBlueprint}`,
  },
];

const ranges: readonly ItemFlag[] = [
  range('--min-me', 'material_efficiency', '>=', 'material efficiency of at least'),
  range('--min-te', 'time_efficiency', '>=', 'time efficiency of at least'),
  range('--min-runs', 'runs', '>=', 'runs of at least; an original has none'),
  range('--max-runs', 'runs', '<=', 'runs of at most; an original has none'),
];

/** For questions about blueprints alone. */
const exact: readonly ItemFlag[] = [
  range('--me', 'material_efficiency', '=', 'material efficiency'),
  range('--te', 'time_efficiency', '=', 'time efficiency'),
];

const itemType = sql`contract_items.type_id`;

function range(flag: string, column: string, operator: '>=' | '<=' | '=', description: string): ItemFlag {
  return {
    flag,
    argument: '<number>',
    description,
    ofItem: (values) =>
      anyOf(
        values.map(
          (value) =>
            sql`contract_items.${sql.identifier(column)} ${sql.raw(operator)} ${sql.raw(String(parseWhole(value, flag)))}`,
        ),
      ),
  };
}

const asFilters = (flags: readonly ItemFlag[]): Filter[] => flags.map(({ ofItem, ...filter }) => filter);

/** Flags that say what kind of item is meant. */
export const kindFlags = asFilters(kinds);
/** Flags that speak of one item that is offered; a subject says what they mean for its rows. */
export const itemFlags = asFilters([...kinds, ...printings, ...ranges]);
/** Flags of questions whose rows are blueprints. */
export const blueprintFlags = asFilters([...kinds, ...printings, ...exact, ...ranges]);

/**
 * Conditions of {@link itemFlags}, each on one item. Ranges and `--bpc` or `--bpo` speak of the same item as the flags
 * that say what kind of item it is, and `--bpc` beside `--bpo` of two; without a range and without either of them,
 * several kinds may be met by several items.
 */
export async function itemConditions(given: Given, context: FilterContext): Promise<SQL[]> {
  const kind = await conditionsOf(kinds, given, context);
  const printing = await conditionsOf(printings, given, context);
  const inRange = await conditionsOf(ranges, given, context);
  if (printing.length > 0) return printing.map((condition) => allOf([...kind, condition, ...inRange]));
  return inRange.length > 0 ? [allOf([...kind, ...inRange])] : kind;
}

/** As {@link itemConditions}, where the row is an item and the flags speak of it. */
export async function rowItemConditions(given: Given, context: FilterContext): Promise<SQL[]> {
  const conditions = await conditionsOf([...kinds, ...exact, ...ranges], given, context);
  const printing = await conditionsOf(printings, given, context);
  if (printing.length > 0) conditions.push(anyOf(printing));
  return conditions.length === 0 ? [] : [sql`contract_items.is_included`, ...conditions];
}

async function conditionsOf(flags: readonly ItemFlag[], given: Given, context: FilterContext): Promise<SQL[]> {
  const conditions: SQL[] = [];
  for (const { flag, ofItem } of flags) {
    const values = given[flag.slice(2)];
    if (values !== undefined) conditions.push(await ofItem(values, context));
  }
  return conditions;
}

/** Conditions on what a contract holds that each stand for themselves. */
export const contentFilters: readonly Filter[] = [
  {
    flag: '--ship',
    argument: '<name or id>',
    description: 'offers this ship',
    condition: async (values, context) =>
      offersAny(sql`${isAmongIds(itemType, await idsOf(values, nameable.ship, '--ship', context))} AND ${isShip}`),
  },
  { flag: '--ships', description: 'offers any ship', condition: () => offersAny(isShip) },
  {
    flag: '--wants',
    argument: '<name or id>',
    description: 'asks for this type',
    condition: async (values, context) => {
      const ids = await idsOf(values, nameable.type, '--wants', context);
      return holdsAny(sql`NOT contract_items.is_included AND ${isAmongIds(itemType, ids)}`);
    },
  },
];
