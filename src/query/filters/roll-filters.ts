import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import {
  areRangesKnown,
  attributeQuality,
  attributeValue,
  type RolledAttribute,
  rolledAttributes,
} from '../contract/rolls.ts';
import { allOf, isAmongIds } from '../engine/conditions.ts';
import type { Filter, FilterContext } from '../engine/filter.ts';
import { parseSignedAmount } from '../engine/values.ts';
import { namedFilter } from './named-filter.ts';
import { nameable } from './names.ts';

const bound = /^\s*([^<>=]+?)\s*(>=|<=|>|<|=)\s*(.+)$/;

/** Filters of mutated modules; all filters with bounds must hold. */
export const rollFilters: readonly Filter[] = [
  bounds('attr', 'an attribute within a bound: "maxRange>=17000"; repeated, all must hold', attributeValue),
  bounds(
    'quality',
    'position of an attribute in its range, 0 to 100: "maxRange>=80"; repeated, all must hold',
    attributeQuality,
    noticeMissingRanges,
  ),
  namedFilter('source', nameable.type, 'made from this type', (ids) => isAmongIds(sql`rolls.source_type_id`, ids)),
  namedFilter('mutator', nameable.type, 'made with this mutaplasmid', (ids) =>
    isAmongIds(sql`rolls.mutator_type_id`, ids),
  ),
];

/** Explains why nothing matches: an attribute of stored rolls has its id for a name, but no range. */
async function noticeMissingRanges({ reader, notice }: FilterContext): Promise<void> {
  if (await areRangesKnown(reader)) return;
  notice('--quality: no ranges are known without static data. Run: hangarbay import sde');
}

function bounds(
  name: string,
  description: string,
  expression: (attribute: RolledAttribute) => SQL,
  explain?: (context: FilterContext) => Promise<void>,
): Filter {
  const flag = `--${name}`;
  return {
    name,
    argument: '<bound>',
    description,
    async condition(values, context) {
      await explain?.(context);
      const conditions: SQL[] = [];
      for (const value of values) {
        const [, attribute, operator, amount] = bound.exec(value) ?? [];
        if (attribute === undefined || operator === undefined || amount === undefined) {
          throw new UsageError(`${flag}: "${value}" is not a bound; for example ${flag} "maxRange>=80"`);
        }
        const column = expression(await attributeNamed(attribute, flag, context));
        const number = sql`CAST(${parseSignedAmount(amount, flag)} AS double precision)`;
        conditions.push(sql`${column} ${sql.raw(operator)} ${number}`);
      }
      return allOf(conditions);
    },
  };
}

/** @throws {UsageError} with the nearest names when the attribute is unknown */
async function attributeNamed(text: string, flag: string, { reader }: FilterContext): Promise<RolledAttribute> {
  const attributes = await rolledAttributes(reader);
  const found = attributes.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const names = attributes.map(({ name }) => name);
  if (!(await areRangesKnown(reader))) {
    const ids = names.length === 0 ? '' : ` Known ids: ${names.join(', ')}.`;
    throw new UsageError(
      `${flag}: attribute "${text}" is unknown without static data.${ids} Run: hangarbay import sde`,
    );
  }
  const hint = didYouMean(nearestNames(text, names));
  throw new UsageError(`${flag}: attribute "${text}" is unknown${hint || '.'} Attributes: ${names.join(', ')}`);
}
