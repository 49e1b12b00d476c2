import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import { shipCategoryId } from '../eve/id-ranges.ts';
import { didYouMean, nearestNames } from '../nearest.ts';
import { regionIds, shipTypeIds, typeIds } from './names.ts';
import type { Filter, FilterContext } from './subject.ts';
import { containing, parseAmount, parseId } from './values.ts';

/** The values of `type` that ESI's specification lists; others may come and stay reachable. */
const contractTypes = ['item_exchange', 'auction', 'courier', 'loan', 'unknown'];
const states = ['listed', 'expired', 'gone', 'all'];

/** Conditions on contracts. What a contract holds is asked with EXISTS, so that no contract comes twice. */
export function contractFilters(state: SQL): readonly Filter[] {
  return [
    {
      flag: '--id',
      argument: '<contract id>',
      description: 'these contracts',
      condition: (values) =>
        isAmong(
          sql`contracts.contract_id`,
          values.map((value) => parseId(value, '--id')),
        ),
    },
    {
      flag: '--type',
      argument: '<type>',
      description: contractTypes.slice(0, 3).join(', '),
      choices: contractTypes,
      condition: async (values, context) => isAmong(sql`contracts.type`, await knownTypes(values, context)),
    },
    {
      flag: '--region',
      argument: '<name or id>',
      description: 'listed in this region',
      condition: async (values, { reader }) => isAmong(sql`contracts.region_id`, await regionIds(values, reader)),
    },
    {
      flag: '--item',
      argument: '<name or id>',
      description: 'offers this type',
      condition: async (values, { reader }) =>
        offers(isAmong(sql`contract_items.type_id`, await typeIds(values, reader))),
    },
    {
      flag: '--ship',
      argument: '<name or id>',
      description: 'offers this ship',
      condition: async (values, { reader }) =>
        offers(sql`${isAmong(sql`contract_items.type_id`, await shipTypeIds(values, reader))} AND ${isShip}`),
    },
    {
      flag: '--ships',
      description: 'offers any ship',
      condition: () => offers(isShip),
    },
    bound('--min-price', 'price', '>=', 'price of at least'),
    bound('--max-price', 'price', '<=', 'price of at most'),
    {
      flag: '--title',
      argument: '<text>',
      description: 'title contains this, in upper or lower case',
      condition: (values) =>
        anyOf(values.map((value) => sql`contracts.title_folded LIKE ${containing(value.toLowerCase())} ESCAPE '\\'`)),
    },
    {
      flag: '--state',
      argument: '<state>',
      description: `${states.join(', ')} (default: listed)`,
      choices: states,
      condition: (values) => {
        for (const value of values) requireChoice('--state', value, states);
        return values.includes('all') ? sql`TRUE` : isAmong(state, values);
      },
    },
  ];
}

/** A bound on a column of amounts; a contract that has no amount is never within it. */
function bound(flag: string, column: string, operator: '>=' | '<=', description: string): Filter {
  return {
    flag,
    argument: '<amount>',
    description: `${description}; 150m, 1.5b, 300k`,
    condition: (values) =>
      anyOf(
        values.map(
          (value) => sql`contracts.${sql.identifier(column)} ${sql.raw(operator)} ${parseAmount(value, flag)}`,
        ),
      ),
  };
}

function isAmong(expression: SQL, values: readonly (string | number)[]): SQL {
  return sql`${expression} IN (${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`;
}

function anyOf(conditions: readonly SQL[]): SQL {
  return sql`(${sql.join([...conditions], sql` OR `)})`;
}

/** The contract offers an item that the condition is true of. */
function offers(condition: SQL): SQL {
  return sql`EXISTS (
    SELECT 1 FROM contract_items
    WHERE contract_items.contract_id = contracts.contract_id AND contract_items.is_included AND ${condition})`;
}

const isShip = sql`EXISTS (
  SELECT 1 FROM types JOIN groups ON groups.group_id = types.group_id
  WHERE types.type_id = contract_items.type_id AND groups.category_id = ${shipCategoryId})`;

async function knownTypes(values: readonly string[], { reader }: FilterContext): Promise<string[]> {
  const types = values.map((value) => value.trim().toLowerCase());
  for (const type of types) {
    if (contractTypes.includes(type)) continue;
    const stored = await reader.all(sql`SELECT 1 AS stored FROM contracts WHERE contracts.type = ${type} LIMIT 1`);
    if (stored.length === 0) requireChoice('--type', type, contractTypes);
  }
  return types;
}

function requireChoice(flag: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const hint = didYouMean(nearestNames(value, choices));
  throw new UsageError(`${flag}: "${value}" is none of ${choices.join(', ')}${hint}`);
}
