import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import type { Instant } from '../time.ts';
import { column, columnsIn } from './columns.ts';
import { isAmongIds } from './conditions.ts';
import { ownFilters } from './contract-filters.ts';
import { namedFilter } from './named-filter.ts';
import { nameable } from './names.ts';
import { quartile, ranksOf } from './quantiles.ts';
import type { Given, Subject } from './subject.ts';
import { stateOf } from './time-filters.ts';
import { unitPrice } from './unit-prices.ts';

const own = columnsIn('prices');

const groupings = ['region', 'day'];

/** Prices of one unit, from contracts that hold just that item; what is listed and what is gone are told apart. */
export function pricesSubject(now: Instant): Subject {
  return {
    name: 'prices',
    description: 'prices of an item, listed now and gone in the past, from contracts that hold nothing else',
    details:
      'Prices are for one unit, from item exchanges that offer only this type and ask for nothing but ISK. What is gone\n' +
      'was sold, withdrawn or has expired; ESI does not say which.',
    columns: {
      type_id: own('id', 'type_id'),
      type_name: column('text', sql`types.name`),
      is_blueprint_copy: own('flag', 'is_blueprint_copy'),
      state: own('text', 'state'),
      region_id: own('id', 'region_id'),
      region_name: column('text', sql`regions.name`),
      day: own('text', 'day'),
      contracts: own('number', 'contracts'),
      quantity: own('number', 'quantity'),
      minimum: own('isk', 'minimum'),
      lower_quartile: own('isk', 'lower_quartile'),
      median: own('isk', 'median'),
      upper_quartile: own('isk', 'upper_quartile'),
      maximum: own('isk', 'maximum'),
    },
    from: (condition, { given }) => sql`(${summed(condition, given, now)}) AS prices
      LEFT JOIN types ON types.type_id = prices.type_id
      LEFT JOIN regions ON regions.region_id = prices.region_id`,
    // What is listed before what is gone.
    key: [
      sql`prices.type_id`,
      sql`prices.is_blueprint_copy`,
      sql`prices.state DESC`,
      sql`prices.region_id`,
      sql`prices.day`,
    ],
    order: sql`types.name NULLS LAST`,
    tableFields: [
      'type_name',
      'state',
      'region_name',
      'day',
      'contracts',
      'minimum',
      'lower_quartile',
      'median',
      'upper_quartile',
    ],
    filters: [
      namedFilter('--item', nameable.type, 'this type; needed', (ids) => isAmongIds(sql`contracts.sole_type_id`, ids)),
      {
        flag: '--by',
        argument: '<what>',
        description: `a row for each ${groupings.join(', each ')}, or both; the day is that on which it went, or today`,
        choices: groupings,
      },
      ...ownFilters,
    ],
    defaults: { state: ['listed', 'gone'] },
    nested: [],
  };
}

function summed(condition: SQL, given: Given, now: Instant): SQL {
  if (given.item === undefined) {
    throw new UsageError('query prices needs an item: --item NAME; for example --item Tritanium');
  }
  const region = given.by?.includes('region') ? sql`contracts.region_id` : sql`CAST(NULL AS bigint)`;
  // A text begins with the day on every database, and the server is told to write it in UTC.
  const day = sql`substr(CAST(COALESCE(contracts.gone_at, ${now}) AS text), 1, 10)`;
  const group = sql`type_id, is_blueprint_copy, state, region_id, day`;
  return sql`
    WITH sold AS (
      SELECT contracts.contract_id, contracts.sole_type_id AS type_id, contracts.sole_quantity,
        EXISTS (
          SELECT 1 FROM contract_items WHERE contract_items.contract_id = contracts.contract_id
            AND contract_items.is_included AND contract_items.is_blueprint_copy) AS is_blueprint_copy,
        ${stateOf(now)} AS state, ${region} AS region_id,
        ${given.by?.includes('day') ? day : sql`CAST(NULL AS text)`} AS day, ${unitPrice} AS unit_price
      FROM contracts WHERE ${unitPrice} IS NOT NULL AND ${condition}),
    ranked AS (SELECT sold.*, ${ranksOf(sql`unit_price`, group, sql`contract_id`)} FROM sold)
    SELECT ${group}, count(*) AS contracts, CAST(sum(sole_quantity) AS bigint) AS quantity,
      min(unit_price) AS minimum, ${quartile(1, sql`unit_price`)} AS lower_quartile,
      ${quartile(2, sql`unit_price`)} AS median, ${quartile(3, sql`unit_price`)} AS upper_quartile,
      max(unit_price) AS maximum
    FROM ranked GROUP BY ${group}`;
}
