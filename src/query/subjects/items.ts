import { sql } from 'drizzle-orm';
import type { Instant } from '../../time.ts';
import { contractColumns, contractJoins, ownContract } from '../contract/columns.ts';
import { columnsIn, joined, pick } from '../engine/columns.ts';
import type { Column, Filter, NestedRows, Subject } from '../engine/subject.ts';
import { contractFilters } from '../filters/contract-filters.ts';
import { itemFlags, rowItemConditions } from '../filters/item-filters.ts';
import { bounds } from '../filters/money-filters.ts';
import { contractOddities, noFlagged } from '../oddities/contract-oddities.ts';

const own = columnsIn('contract_items');

/** The columns of a contract's items. */
export const itemColumns: Readonly<Record<string, Column>> = {
  record_id: own('id', 'record_id'),
  type_id: own('id', 'type_id'),
  type_name: joined('text', sql`types.name`),
  group_id: joined('id', sql`types.group_id`),
  group_name: joined('text', sql`groups.name`),
  category_id: joined('id', sql`groups.category_id`),
  category_name: joined('text', sql`categories.name`),
  market_group_id: joined('id', sql`types.market_group_id`),
  quantity: own('number', 'quantity'),
  is_included: own('flag', 'is_included'),
  is_blueprint_copy: own('flag', 'is_blueprint_copy'),
  item_id: own('id', 'item_id'),
  material_efficiency: own('number', 'material_efficiency'),
  time_efficiency: own('number', 'time_efficiency'),
  runs: own('number', 'runs'),
};

/** What {@link itemColumns} need beside the items. */
export const itemJoins = sql`
  LEFT JOIN types ON types.type_id = contract_items.type_id
  LEFT JOIN groups ON groups.group_id = types.group_id
  LEFT JOIN categories ON categories.category_id = groups.category_id`;

/** Rows of items under their contract. */
export const nestedItems: NestedRows = {
  name: 'items',
  description: 'add the items of each contract',
  columns: itemColumns,
  from: sql`contract_items ${itemJoins}`,
  contractId: sql`contract_items.contract_id`,
  order: sql`contract_items.record_id`,
};

const askedFor: Filter = {
  flag: '--asked-for',
  description: 'items that the contract asks for; the other flags then apply to these',
  condition: () => sql`NOT contract_items.is_included`,
};
const quantityFilters = bounds('quantity', sql`contract_items.quantity`, 'quantity');

/** Items, each with what matters of its contract. */
export function itemsSubject(now: Instant): Subject {
  const { contract_id, ...rest } = pick(contractColumns(now), [
    'contract_id',
    'type',
    'title',
    'price',
    'reward',
    'direction',
    'effective_price',
    'region_id',
    'region_name',
    'system_id',
    'system_name',
    'start_location_id',
    'start_location_name',
    'date_issued',
    'date_expired',
    'state',
    'outcome',
    'gone_at',
  ]);
  return {
    name: 'items',
    description: 'items of contracts; flags that speak of an item speak of the row',
    columns: { contract_id, ...itemColumns, ...rest },
    from: sql`contract_items JOIN contracts ON contracts.contract_id = contract_items.contract_id`,
    joins: sql`${itemJoins} ${contractJoins}`,
    key: [sql`contract_items.contract_id`, sql`contract_items.record_id`],
    contract: ownContract,
    order: sql`contracts.date_issued DESC`,
    tableFields: [
      'contract_id',
      'type_name',
      'quantity',
      'is_included',
      'runs',
      'price',
      'region_name',
      'start_location_name',
      'date_expired',
    ],
    filters: [askedFor, ...quantityFilters, ...contractFilters, noFlagged],
    together: (context) => rowItemConditions(itemFlags, context),
    defaults: { state: ['listed'] },
    nested: [],
    derived: [contractOddities],
  };
}
