import { sql } from 'drizzle-orm';
import { itemPrice } from '../../store/item-price.ts';
import { type Column, column, columnsIn } from '../engine/column.ts';
import { allJoins, type Join, leftJoin } from '../engine/joins.ts';
import type { NestedRows } from '../engine/subject.ts';
import { rollsOf } from './rolls.ts';

const own = columnsIn('contract_items');

/** The columns of a contract's items, for use with {@link itemJoins}. */
export const itemColumns: Readonly<Record<string, Column>> = {
  record_id: own('id', 'record_id', 'id of the item within the contract'),
  type_id: own('id', 'type_id', 'type of the item'),
  type_name: column('text', sql`types.name`, 'name of the type'),
  group_id: column('id', sql`types.group_id`, 'group of the type'),
  group_name: column('text', sql`groups.name`, 'name of the group'),
  category_id: column('id', sql`groups.category_id`, 'category of the group'),
  category_name: column('text', sql`categories.name`, 'name of the category'),
  market_group_id: column('id', sql`types.market_group_id`, 'market group of the type; null without one'),
  quantity: own('number', 'quantity', 'units in the stack'),
  is_included: own('boolean', 'is_included', 'true if the contract offers the item, false if it asks for it'),
  is_blueprint_copy: own('boolean', 'is_blueprint_copy', 'true for a blueprint copy'),
  item_id: own('id', 'item_id', 'id of the item in the game, if ESI sends it'),
  material_efficiency: own('number', 'material_efficiency', 'material efficiency (ME) of a blueprint, in percent'),
  time_efficiency: own('number', 'time_efficiency', 'time efficiency (TE) of a blueprint, in percent'),
  runs: own('number', 'runs', 'runs of a blueprint copy'),
  roll: {
    ...column('object', sql`contract_items.item_id`, 'roll of a mutated module, if known'),
    load: rollsOf,
  },
  average_price: column('isk', itemPrice, 'value of a unit at average market prices, in ISK; null if it has no price'),
};

/** The joins that {@link itemColumns} need. */
export const itemJoins: readonly Join[] = [
  leftJoin(sql`types`, 'types', sql`types.type_id = contract_items.type_id`),
  leftJoin(sql`groups`, 'groups', sql`groups.group_id = types.group_id`),
  leftJoin(sql`market_prices`, 'market_prices', sql`market_prices.type_id = contract_items.type_id`),
  leftJoin(sql`categories`, 'categories', sql`categories.category_id = groups.category_id`),
];

/** The items as nested rows of a contract. */
export const nestedItems: NestedRows = {
  name: 'items',
  description: 'add the items of each contract',
  columns: itemColumns,
  from: sql`contract_items ${allJoins(itemJoins)}`,
  contractId: sql`contract_items.contract_id`,
  order: sql`contract_items.record_id`,
};
