import { type SQL, sql } from 'drizzle-orm';
import { effectivePrice, estimatedValue, margin } from '../contract/facts.ts';
import { anyOf } from '../engine/conditions.ts';
import { type Filter, flagOf } from '../engine/filter.ts';
import { parseAmount, parseSignedAmount } from '../engine/values.ts';

/** Bounds of amounts; a contract without the amount never matches. */
export const moneyFilters: readonly Filter[] = [
  ...bounds('price', sql`contracts.price`, 'price'),
  ...bounds('effective-price', effectivePrice, 'effective price', parseSignedAmount),
  ...bounds('reward', sql`contracts.reward`, 'reward'),
  ...bounds('collateral', sql`contracts.collateral`, 'collateral'),
  ...bounds('volume', sql`contracts.volume`, 'volume in m³'),
  atLeast('value', estimatedValue, 'estimated value', parseSignedAmount),
  atLeast('margin', margin, 'estimated value minus effective price', parseSignedAmount),
];

/** `--min-NAME` and `--max-NAME`. */
export function bounds(name: string, expression: SQL, description: string, parse = parseAmount): Filter[] {
  return [
    atLeast(name, expression, description, parse),
    bound(`max-${name}`, expression, '<=', `maximum ${description}`, parse),
  ];
}

function atLeast(name: string, expression: SQL, description: string, parse = parseAmount): Filter {
  return bound(`min-${name}`, expression, '>=', `minimum ${description}`, parse);
}

function bound(
  name: string,
  expression: SQL,
  operator: '>=' | '<=',
  description: string,
  parse: typeof parseAmount,
): Filter {
  const flag = flagOf({ name });
  return {
    name,
    argument: '<amount>',
    description,
    isSingle: true,
    condition: (values) =>
      anyOf(
        // The cast keeps PostgreSQL from inferring another type from the comparison.
        values.map((value) => {
          const amount = sql`CAST(${parse(value, flag)} AS double precision)`;
          return sql`${expression} ${sql.raw(operator)} ${amount}`;
        }),
      ),
  };
}
