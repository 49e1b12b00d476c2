import { type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../engine/conditions.ts';
import type { Filter } from '../engine/subject.ts';
import { parseAmount, parseSignedAmount } from '../engine/values.ts';

/**
 * What an item exchange costs its taker, below zero where it pays, or what an auction's next bidder has to beat; null
 * where that is not known. A reward that ESI left out is none.
 */
export const effectivePrice = sql`CASE contracts.type
  WHEN 'item_exchange' THEN contracts.price - COALESCE(contracts.reward, 0)
  WHEN 'auction' THEN COALESCE(
    (SELECT max(contract_bids.amount) FROM contract_bids WHERE contract_bids.contract_id = contracts.contract_id),
    contracts.price) END`;

/** Bounds of amounts; a contract that has no amount is never within them. */
export const moneyFilters: readonly Filter[] = [
  ...bounds('price', sql`contracts.price`, 'price'),
  ...bounds('effective-price', effectivePrice, 'effective price', parseSignedAmount),
  ...bounds('reward', sql`contracts.reward`, 'reward'),
  ...bounds('collateral', sql`contracts.collateral`, 'collateral'),
  ...bounds('volume', sql`contracts.volume`, 'volume in m³'),
];

/** `--min-NAME` and `--max-NAME`. */
export function bounds(name: string, expression: SQL, description: string, parse = parseAmount): Filter[] {
  return [
    atLeast(name, expression, description, parse),
    bound(`--max-${name}`, expression, '<=', `${description} of at most`, parse),
  ];
}

function atLeast(name: string, expression: SQL, description: string, parse = parseAmount): Filter {
  return bound(`--min-${name}`, expression, '>=', `${description} of at least`, parse);
}

function bound(
  flag: string,
  expression: SQL,
  operator: '>=' | '<=',
  description: string,
  parse: typeof parseAmount,
): Filter {
  return {
    flag,
    argument: '<amount>',
    description,
    isSingle: true,
    condition: (values) =>
      anyOf(
        // Told to be a double: left alone, PostgreSQL takes it for whatever it is compared with.
        values.map((value) => {
          const amount = sql`CAST(${parse(value, flag)} AS double precision)`;
          return sql`${expression} ${sql.raw(operator)} ${amount}`;
        }),
      ),
  };
}
