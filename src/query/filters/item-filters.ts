import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import { anyOf } from '../engine/conditions.ts';
import { type FilterContext, flagOf, type ItemCondition, type ItemFilter } from '../engine/filter.ts';
import { parseWhole } from '../engine/values.ts';
import { asksForAny, isBlueprint, isOfType, isShip, ofOneItem, sinceOldestListed } from './held-items.ts';
import { blueprintKinds, kinds } from './item-kinds.ts';
import { namedFilter, namedItemFilter } from './named-filter.ts';
import { nameable } from './names.ts';

/** A numeric property of blueprints. */
interface Level {
  readonly column: string;
  /** Whether ESI omits a zero. For runs, an absent value means an original. */
  readonly isZeroIfAbsent: boolean;
}

const materialEfficiency: Level = { column: 'material_efficiency', isZeroIfAbsent: true };
const timeEfficiency: Level = { column: 'time_efficiency', isZeroIfAbsent: true };
const runs: Level = { column: 'runs', isZeroIfAbsent: false };

/** An original is any blueprint that is not a copy: ESI marks copies among offered items only. */
const printings: readonly ItemFilter[] = [
  {
    name: 'bpc',
    description: 'offers a blueprint copy',
    ofItem: () => ({ sql: sql`contract_items.is_blueprint_copy`, isIndexed: false }),
  },
  {
    name: 'bpo',
    description: 'offers a blueprint original',
    ofItem: () => ofOneItem([{ sql: sql`NOT contract_items.is_blueprint_copy`, isIndexed: false }, isBlueprint]),
  },
];

const ranges: readonly ItemFilter[] = [
  range('min-me', materialEfficiency, '>=', 'minimum material efficiency'),
  range('min-te', timeEfficiency, '>=', 'minimum time efficiency'),
  range('min-runs', runs, '>=', 'minimum runs; an original has no runs'),
  range('max-runs', runs, '<=', 'maximum runs; an original has no runs'),
];

/** A ship is a ship regardless of its other properties, so these filters are independent of the others. */
const ship = namedItemFilter('ship', nameable.ship, 'offers this ship', (ids) => ofOneItem([isOfType(ids), isShip]));
const ships: readonly ItemFilter[] = [ship, { name: 'ships', description: 'offers any ship', ofItem: () => isShip }];

/** For questions about blueprints only. */
const exact: readonly ItemFilter[] = [
  range('me', materialEfficiency, '=', 'material efficiency'),
  range('te', timeEfficiency, '=', 'time efficiency'),
];

function range(
  name: string,
  { column, isZeroIfAbsent }: Level,
  operator: '>=' | '<=' | '=',
  description: string,
): ItemFilter {
  const [flag, level] = [flagOf({ name }), sql`contract_items.${sql.identifier(column)}`];
  return {
    name,
    argument: '<number>',
    description,
    isSingle: operator !== '=',
    ofItem: (values) => ({
      sql: anyOf(
        values.map((value) => {
          const bound = parseWhole(value, flag);
          // ESI may send -1 for a missing value.
          const fits = sql`${level} >= 0 AND ${level} ${sql.raw(operator)} ${sql.raw(String(bound))}`;
          if (!isZeroIfAbsent || bound > 0) return fits;
          return sql`(${fits}) OR (COALESCE(${level}, -1) < 0 AND (contract_items.is_blueprint_copy OR ${isBlueprint.sql}))`;
        }),
      ),
      isIndexed: false,
    }),
  };
}

/** Filters of one offered item; the subject decides their effect on its rows. */
export const itemFilters: readonly ItemFilter[] = [...kinds, ...printings, ...ranges, ...ships];
/** Filters of questions about ships. */
export const shipFilters: readonly ItemFilter[] = [ship, ...kinds];
/** Filters of copies and originals, and of the blueprints' numbers. */
export const blueprintNumbers: readonly ItemFilter[] = [...printings, ...exact, ...ranges];
/** Filters of questions about blueprints. */
export const blueprintFilters: readonly ItemFilter[] = [...blueprintKinds, ...blueprintNumbers];

/**
 * Conditions of {@link itemFilters} on a contract, each on one of its items. `--item Rifter --category Module` matches
 * a contract with a Rifter and a module. `--item "Rifter Blueprint" --min-me 10` needs one item that meets both,
 * because a range, like `--bpc` and `--bpo`, applies to the item given by kind. The filters of ships apply on their
 * own.
 */
export async function itemConditions(context: FilterContext): Promise<ItemCondition[]> {
  const kind = await conditionsOf(kinds, context);
  const printing = await conditionsOf(printings, context);
  const inRange = await conditionsOf(ranges, context);
  const anyShip = await conditionsOf(ships, context);
  const ofOne = [...printing, ...inRange];
  return ofOne.length > 0 ? [ofOneItem([...kind, ...ofOne]), ...anyShip] : [...kind, ...anyShip];
}

/** The contract offers only items that meet all of the filters. */
export async function allOfferedFit(filters: readonly ItemFilter[], context: FilterContext): Promise<SQL> {
  const conditions = await conditionsOf(filters, context);
  if (conditions.length === 0) return sql`TRUE`;
  return sql`NOT EXISTS (
    SELECT 1 FROM contract_items WHERE contract_items.contract_id = contracts.contract_id
      AND contract_items.is_included AND (${ofOneItem(conditions).sql}) IS NOT TRUE)`;
}

/** Conditions of the filters where the row itself is the item. */
export async function rowItemConditions(filters: readonly ItemFilter[], context: FilterContext): Promise<SQL[]> {
  const conditions = await conditionsOf(filters, context);
  if (conditions.length === 0) return [];
  const all = conditions.map((condition) => condition.sql);
  // Without an index for the items, the items of matching contracts are scanned, and this condition would mislead the
  // planner.
  if (conditions.some(({ isIndexed }) => isIndexed)) all.push(await sinceOldestListed(context));
  return [context.given['asked-for'] === undefined ? sql`contract_items.is_included` : sql`TRUE`, ...all];
}

async function conditionsOf(filters: readonly ItemFilter[], context: FilterContext): Promise<ItemCondition[]> {
  if (context.given.bpc !== undefined && context.given.bpo !== undefined) {
    throw new UsageError('--bpc --bpo: no item is both a blueprint copy and an original; omit one of them');
  }
  const conditions: ItemCondition[] = [];
  for (const { name, ofItem } of filters) {
    const values = context.given[name];
    if (values !== undefined) conditions.push(await ofItem(values, context));
  }
  return conditions;
}

/** Items that a contract asks for are not among those that it offers. */
export const wants = namedFilter('wants', nameable.type, 'asks for this type', (ids, context) =>
  asksForAny(isOfType(ids), context),
);
