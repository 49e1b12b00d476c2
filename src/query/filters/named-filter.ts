import type { SQL } from 'drizzle-orm';
import {
  type Filter,
  type FilterContext,
  flagOf,
  type ItemCondition,
  type ItemFilter,
  type Nameable,
} from '../engine/filter.ts';
import { idsOf } from './names.ts';

/** Makes a condition of the ids that the names resolve to. */
type OfIds<Result> = (ids: readonly number[], context: FilterContext) => Promise<Result> | Result;

/** A filter whose values are names or ids; the condition gets the ids. */
export function namedFilter(name: string, names: Nameable, description: string, conditionOf: OfIds<SQL>): Filter {
  return { ...named(name, names, description), condition: onIds(name, names, conditionOf) };
}

/** Like {@link namedFilter}, for one item. */
export function namedItemFilter(
  name: string,
  names: Nameable,
  description: string,
  conditionOf: OfIds<ItemCondition>,
): ItemFilter {
  return { ...named(name, names, description), ofItem: onIds(name, names, conditionOf) };
}

const named = (name: string, names: Nameable, description: string) => ({
  name,
  argument: '<name or id>',
  description,
  names,
});

/** The result of the ids that a filter's values resolve to. */
export function onIds<Result>(name: string, names: Nameable, resultOf: OfIds<Result>) {
  return async (values: readonly string[], context: FilterContext): Promise<Result> =>
    resultOf(await idsOf(values, names, flagOf({ name }), context), context);
}
