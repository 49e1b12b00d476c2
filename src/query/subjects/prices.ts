import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import { now } from '../../store/reader.ts';
import { effectivePrice, state } from '../contract/facts.ts';
import { quartile, ranksOf } from '../contract/quantiles.ts';
import { isSole, quotient } from '../contract/unit-prices.ts';
import { column, columnsIn } from '../engine/column.ts';
import { isAmongIds } from '../engine/conditions.ts';
import type { FilterContext } from '../engine/filter.ts';
import type { Subject } from '../engine/subject.ts';
import { ownFilters } from '../filters/contract-filters.ts';
import { allOfferedFit, blueprintNumbers } from '../filters/item-filters.ts';
import { namedFilter } from '../filters/named-filter.ts';
import { idsOf, nameable } from '../filters/names.ts';

const own = columnsIn('prices');

const groupings = ['region', 'day'];

/** Filters that every offered item of a contract must meet, so that its price is the price of such items. */
const pricedFilters = blueprintNumbers;

/** Prices of one unit, from contracts with only that item; listed and gone contracts are separate. */
export const prices: Subject = {
  kind: 'sums',
  isOfOneKey: false,
  name: 'prices',
  description: 'prices of an item, listed and gone, from contracts that contain nothing else',
  details:
    'Prices are per unit, for blueprint copies per run, from contracts that offer only this type and ask only for ISK. A gone\n' +
    'contract was sold, withdrawn or has expired; ESI does not say which. Excluded: auctions unless they ended with a bid\n' +
    '(their price is the highest bid), contracts that offer both originals and copies, copies without runs, and a contract\n' +
    'whose item its issuer has listed again since: only the last price counts.',
  columns: {
    type_id: own('id', 'type_id', 'type of the item'),
    type_name: column('text', sql`types.name`, 'name of the type'),
    is_blueprint_copy: own('boolean', 'is_blueprint_copy', 'true for prices of blueprint copies'),
    priced_per: column(
      'text',
      sql`CASE WHEN prices.is_blueprint_copy THEN 'run' ELSE 'unit' END`,
      'unit of the price: unit or run',
    ),
    state: own('text', 'state', 'listed, expired or gone'),
    region_id: own('id', 'region_id', 'region, with --by region'),
    region_name: column('text', sql`regions.name`, 'name of that region'),
    day: own('text', 'day', 'day, in UTC, with --by day'),
    contracts: own('number', 'contracts', 'contracts with these prices'),
    quantity: own('number', 'quantity', 'units, or runs, in these contracts'),
    minimum: own('isk', 'minimum', 'lowest price, in ISK'),
    lower_quartile: own('isk', 'lower_quartile', 'first quartile of the prices, in ISK'),
    median: own('isk', 'median', 'median price, in ISK'),
    upper_quartile: own('isk', 'upper_quartile', 'third quartile of the prices, in ISK'),
    maximum: own('isk', 'maximum', 'highest price, in ISK'),
  },
  sum: async (condition, context) => sql`(${await summed(condition, context)}) AS prices
      LEFT JOIN types ON types.type_id = prices.type_id
      LEFT JOIN regions ON regions.region_id = prices.region_id`,
  // Listed before gone, and recent days before older ones, which a limit cuts off.
  key: [
    sql`prices.type_id`,
    sql`prices.is_blueprint_copy`,
    sql`prices.state DESC`,
    sql`prices.region_id`,
    sql`prices.day DESC`,
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
    namedFilter('item', nameable.type, 'this type; required', (ids) => isAmongIds(sql`contracts.sole_type_id`, ids)),
    {
      name: 'by',
      argument: '<what>',
      description: `one row per ${groupings.join(', per ')}, or both; the day is when the contract went, or today`,
      choices: groupings,
    },
    ...pricedFilters,
    ...ownFilters,
  ],
  itemsFit: async (context) => [await allOfferedFit(pricedFilters, context)],
  defaults: { state: ['listed', 'gone'] },
  nested: [],
  chart: { kind: 'days' },
  history: sql`prices.type_id * 2 + CASE WHEN prices.is_blueprint_copy THEN 1 ELSE 0 END`,
};

/** The price of everything that a contract offers, if it is a market price; otherwise null. */
const paid = sql`CASE WHEN ${isSole} AND (contracts.type = 'item_exchange' OR contracts.outcome = 'sold')
  THEN ${effectivePrice} END`;

/**
 * For a contract that offers one type: its units, or the runs of its copies; null if it offers both, or copies without
 * runs.
 */
const units = sql`(
  SELECT CASE WHEN count(*) = count(CASE WHEN contract_items.is_blueprint_copy THEN 1 END)
      THEN CASE WHEN min(COALESCE(contract_items.runs, 0)) > 0
        THEN CAST(sum(contract_items.runs * contract_items.quantity) AS bigint) END
    WHEN count(CASE WHEN contract_items.is_blueprint_copy THEN 1 END) = 0 THEN contracts.sole_quantity END
  FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND contract_items.is_included)`;

async function summed(condition: SQL, context: FilterContext): Promise<SQL> {
  const { given } = context;
  if (given.item === undefined) {
    throw new UsageError('query prices needs an item: --item NAME; for example --item Tritanium');
  }
  const types = await idsOf(given.item, nameable.type, '--item', context);
  const region = given.by?.includes('region') ? sql`contracts.region_id` : sql`CAST(NULL AS bigint)`;
  // The text starts with the day on every database; the server writes it in UTC.
  const day = sql`substr(CAST(COALESCE(contracts.gone_at, ${now}) AS text), 1, 10)`;
  const group = sql`type_id, is_blueprint_copy, state, region_id, day`;
  return sql`
    WITH offered AS (
      SELECT contract_items.contract_id, max(contract_items.contract_id) OVER (
        PARTITION BY contracts.issuer_id, contract_items.item_id) AS last_contract_id
      FROM contract_items JOIN contracts ON contracts.contract_id = contract_items.contract_id
      WHERE contract_items.is_included AND contract_items.item_id IS NOT NULL
        AND ${isAmongIds(sql`contract_items.type_id`, types)}),
    candidates AS (
      SELECT contracts.contract_id, contracts.sole_type_id AS type_id,
        EXISTS (
          SELECT 1 FROM contract_items WHERE contract_items.contract_id = contracts.contract_id
            AND contract_items.is_included AND contract_items.is_blueprint_copy) AS is_blueprint_copy,
        ${state} AS state, ${region} AS region_id,
        ${given.by?.includes('day') ? day : sql`CAST(NULL AS text)`} AS day, ${paid} AS paid, ${units} AS units
      FROM contracts WHERE ${paid} IS NOT NULL AND ${condition}
        AND contracts.contract_id NOT IN (SELECT contract_id FROM offered WHERE last_contract_id > contract_id)),
    priced AS (SELECT candidates.*, ${quotient(sql`paid`, sql`units`)} AS unit_price FROM candidates),
    ranked AS (
      SELECT priced.*, ${ranksOf(sql`unit_price`, group, sql`contract_id`)} FROM priced WHERE unit_price IS NOT NULL)
    SELECT ${group}, count(*) AS contracts, CAST(sum(units) AS bigint) AS quantity,
      min(unit_price) AS minimum, ${quartile(1, sql`unit_price`)} AS lower_quartile,
      ${quartile(2, sql`unit_price`)} AS median, ${quartile(3, sql`unit_price`)} AS upper_quartile,
      max(unit_price) AS maximum
    FROM ranked GROUP BY ${group}`;
}
