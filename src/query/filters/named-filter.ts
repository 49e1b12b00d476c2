import type { SQL } from 'drizzle-orm';
import type { Filter, FilterContext } from '../engine/subject.ts';
import type { ItemCondition, ItemFlag } from './held-items.ts';
import { idsOf, type Nameable } from './names.ts';

/** Makes a condition of the ids that names mean. */
type OfIds<Result> = (ids: readonly number[], context: FilterContext) => Promise<Result> | Result;

/** A flag whose values are names, or ids; the condition is made of the ids that they mean. */
export function namedFilter(flag: string, names: Nameable, description: string, conditionOf: OfIds<SQL>): Filter {
  return { ...named(flag, names, description), condition: onIds(flag, names, conditionOf) };
}

/** As {@link namedFilter}, of one item. */
export function namedItemFlag(
  flag: string,
  names: Nameable,
  description: string,
  conditionOf: OfIds<ItemCondition>,
): ItemFlag {
  return { ...named(flag, names, description), ofItem: onIds(flag, names, conditionOf) };
}

const named = (flag: string, names: Nameable, description: string) => ({
  flag,
  argument: '<name or id>',
  description,
  names,
});

function onIds<Result>(flag: string, names: Nameable, resultOf: OfIds<Result>) {
  return async (values: readonly string[], context: FilterContext): Promise<Result> =>
    resultOf(await idsOf(values, names, flag, context), context);
}
