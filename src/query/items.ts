import { sql } from 'drizzle-orm';
import type { Column, ColumnKind } from './subject.ts';

const own = (kind: ColumnKind, name: string): Column => ({ kind, sql: sql`contract_items.${sql.identifier(name)}` });

/** The columns of a contract's items. */
export const itemColumns: Readonly<Record<string, Column>> = {
  record_id: own('id', 'record_id'),
  type_id: own('id', 'type_id'),
  type_name: { kind: 'text', sql: sql`types.name` },
  group_id: { kind: 'id', sql: sql`types.group_id` },
  group_name: { kind: 'text', sql: sql`groups.name` },
  category_id: { kind: 'id', sql: sql`groups.category_id` },
  category_name: { kind: 'text', sql: sql`categories.name` },
  market_group_id: { kind: 'id', sql: sql`types.market_group_id` },
  quantity: own('number', 'quantity'),
  is_included: own('flag', 'is_included'),
  is_blueprint_copy: own('flag', 'is_blueprint_copy'),
  item_id: own('id', 'item_id'),
  material_efficiency: own('number', 'material_efficiency'),
  time_efficiency: own('number', 'time_efficiency'),
  runs: own('number', 'runs'),
};

export const itemJoins = sql`contract_items
  LEFT JOIN types ON types.type_id = contract_items.type_id
  LEFT JOIN groups ON groups.group_id = types.group_id
  LEFT JOIN categories ON categories.category_id = groups.category_id`;
