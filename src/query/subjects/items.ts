import { sql } from 'drizzle-orm';
import { contractColumns, contractJoins, ownContract, placeAndTime } from '../contract/columns.ts';
import { itemColumns, itemJoins } from '../contract/items.ts';
import { pick } from '../engine/column.ts';
import type { Filter } from '../engine/filter.ts';
import type { Subject } from '../engine/subject.ts';
import { contractFilters } from '../filters/contract-filters.ts';
import { itemFilters, rowItemConditions } from '../filters/item-filters.ts';
import { bounds } from '../filters/money-filters.ts';
import { contractOddities, noFlagged } from '../oddities/contract-oddities.ts';

const askedFor: Filter = {
  name: 'asked-for',
  description: 'wanted items of contracts; the other flags then apply to these',
  condition: () => sql`NOT contract_items.is_included`,
};
const quantityFilters = bounds('quantity', sql`contract_items.quantity`, 'quantity');

const { contract_id, ...rest } = pick(contractColumns, [
  'contract_id',
  'type',
  'title',
  'price',
  'reward',
  'direction',
  'effective_price',
  ...placeAndTime,
  'outcome',
  'gone_at',
  'security_status',
  'constellation_name',
]);

/** Items, each with the main columns of its contract. */
export const items: Subject = {
  kind: 'rows',
  name: 'items',
  description: 'items of contracts, one row per item; filters of items apply to the row',
  details:
    'The rows are offered items and items asked for; is_included is true for offered items. With filters of the item, such as\n' +
    '--item, --ships, --bpc or --min-me, the rows are offered items; with --asked-for, items asked for.',
  columns: { contract_id, ...itemColumns, ...rest },
  from: sql`contract_items JOIN contracts ON contracts.contract_id = contract_items.contract_id`,
  joins: () => [...itemJoins, ...contractJoins],
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
  itemsFit: (context) => rowItemConditions(itemFilters, context),
  defaults: { state: ['listed'] },
  nested: [],
  derived: [contractOddities],
};
