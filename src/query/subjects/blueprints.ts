import { type SQL, sql } from 'drizzle-orm';
import { blueprintCategoryId } from '../../eve/id-ranges.ts';
import { contractColumns, contractJoins, ownContract, placeAndTime } from '../contract/columns.ts';
import { effectivePrice } from '../contract/facts.ts';
import { isSole, quotient } from '../contract/unit-prices.ts';
import { column, columnsIn, pick } from '../engine/column.ts';
import { isAmongIds } from '../engine/conditions.ts';
import type { FilterContext } from '../engine/filter.ts';
import { leftJoin } from '../engine/joins.ts';
import type { Subject } from '../engine/subject.ts';
import { ownFilters } from '../filters/contract-filters.ts';
import { asksForListed, isBlueprint } from '../filters/held-items.ts';
import { blueprintFilters, rowItemConditions } from '../filters/item-filters.ts';
import { blueprintKinds } from '../filters/item-kinds.ts';
import { contractOddities, noFlagged } from '../oddities/contract-oddities.ts';

const own = columnsIn('blueprints');

/** The price, if the contract contains only these blueprints. */
const price = sql`CASE WHEN blueprints.is_bundle = 0 THEN ${effectivePrice} END`;

const { contract_id, ...rest } = pick(contractColumns, [
  'contract_id',
  'type',
  'title',
  'price',
  'effective_price',
  'buyout',
  ...placeAndTime,
  'gone_at',
]);

/**
 * Blueprints on offer, one row per group of identical ones in a contract. ESI marks copies; other blueprints are
 * originals.
 */
export const blueprints: Subject = {
  kind: 'sums',
  isOfOneKey: true,
  name: 'blueprints',
  description: 'blueprints on offer with their price per run; identical ones in a contract form one row',
  details:
    'Identical blueprints are copies, or originals, of one type with the same ME, TE and runs. Without --bundles, only\n' +
    'contracts that offer nothing else and ask only for ISK, so that their price is the price of these blueprints. The price\n' +
    'of an auction is its highest bid, or its starting price without bids.',
  columns: {
    contract_id,
    type_id: own('id', 'type_id', 'type of the blueprint'),
    type_name: column('text', sql`blueprint.name`, 'name of the type'),
    is_blueprint_copy: own('boolean', 'is_blueprint_copy', 'true for copies, false for originals'),
    material_efficiency: own('number', 'material_efficiency', 'material efficiency (ME), in percent'),
    time_efficiency: own('number', 'time_efficiency', 'time efficiency (TE), in percent'),
    runs: own('number', 'runs', 'runs of each copy; null for originals'),
    quantity: own('number', 'quantity', 'blueprints of the row'),
    is_bundle: own('boolean', 'is_bundle', 'true if the contract offers something else, or asks for items'),
    price_per_unit: column('isk', quotient(price, sql`blueprints.quantity`), 'price of one blueprint, in ISK'),
    price_per_run: column(
      'isk',
      quotient(price, sql`(CAST(blueprints.runs AS double precision) * blueprints.quantity)`),
      'price of one run, in ISK; null for originals',
    ),
    ...rest,
  },
  sum: (condition, { given }) => sql`(${alike(condition)}) AS blueprints
      JOIN contracts ON contracts.contract_id = blueprints.contract_id
        AND ${given.bundles === undefined ? sql`blueprints.is_bundle = 0` : sql`TRUE`}`,
  joins: () => [leftJoin(sql`types`, 'blueprint', sql`blueprint.type_id = blueprints.type_id`), ...contractJoins],
  key: [sql`contracts.contract_id`, sql`blueprints.record_id`],
  contract: ownContract,
  order: sql`contracts.date_issued DESC`,
  tableFields: [
    'contract_id',
    'type_name',
    'is_blueprint_copy',
    'material_efficiency',
    'time_efficiency',
    'runs',
    'quantity',
    'price',
    'price_per_run',
    'start_location_name',
  ],
  filters: [
    ...blueprintFilters,
    { name: 'bundles', description: 'include contracts that offer or ask for something else' },
    ...ownFilters,
    noFlagged,
  ],
  itemsFit: (context) => rowItemConditions(blueprintFilters, context),
  always: mayFit,
  defaults: { state: ['listed'] },
  nested: [],
  derived: [contractOddities],
  history: sql`blueprints.type_id * 2 + CASE WHEN blueprints.is_blueprint_copy THEN 1 ELSE 0 END`,
};

/**
 * Only contracts with one type and without wanted items contain identical blueprints only. If the question has no
 * filter of the type and only listed contracts are meant, these contracts are found first: no database infers that they
 * are few, and SQLite does not choose the covering index. A contract with unknown types may contain a copy.
 */
async function mayFit({ given, reader }: FilterContext): Promise<SQL> {
  if (given.bundles !== undefined) return sql`TRUE`;
  const isAnyBlueprint = blueprintKinds.every(({ name }) => given[name] === undefined);
  if (!isAnyBlueprint || !asksForListed(given)) return isSole;
  const contracts = await reader.all<{ contract_id: number }>(sql`
    SELECT contracts.contract_id FROM contracts
    WHERE contracts.gone_at IS NULL AND contracts.sole_type_id > 0 AND contracts.sole_type_id NOT IN (
      SELECT types.type_id FROM types JOIN groups ON groups.group_id = types.group_id
      WHERE groups.category_id <> ${blueprintCategoryId})`);
  return isAmongIds(
    sql`contracts.contract_id`,
    contracts.map(({ contract_id }) => contract_id),
  );
}

/** For an original, ESI sends -1 runs or none. */
const runs = sql`CASE WHEN contract_items.runs >= 0 THEN contract_items.runs END`;

/** The blueprints of the matching contracts, grouped by identical ones. */
function alike(condition: SQL): SQL {
  return sql`
    SELECT contracts.contract_id, min(contract_items.record_id) AS record_id, contract_items.type_id,
      contract_items.is_blueprint_copy, contract_items.material_efficiency, contract_items.time_efficiency,
      ${runs} AS runs, CAST(sum(contract_items.quantity) AS bigint) AS quantity,
      CASE WHEN count(*) = contracts.item_count THEN 0 ELSE 1 END AS is_bundle
    FROM contracts JOIN contract_items ON contract_items.contract_id = contracts.contract_id
    WHERE contract_items.is_included AND (contract_items.is_blueprint_copy OR ${isBlueprint.sql}) AND ${condition}
    GROUP BY contracts.contract_id, contract_items.type_id, contract_items.is_blueprint_copy,
      contract_items.material_efficiency, contract_items.time_efficiency, ${runs}`;
}
