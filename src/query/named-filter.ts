import type { SQL } from 'drizzle-orm';
import { idsOf, type Nameable } from './names.ts';
import type { Filter, FilterContext } from './subject.ts';

/** A flag whose values are names, or ids; the condition is made of the ids that they mean. */
export function namedFilter(
  flag: string,
  names: Nameable,
  description: string,
  conditionOf: (ids: readonly number[], context: FilterContext) => Promise<SQL> | SQL,
): Filter {
  return {
    flag,
    argument: '<name or id>',
    description,
    names,
    condition: async (values, context) => conditionOf(await idsOf(values, names, flag, context), context),
  };
}
