import { sql } from 'drizzle-orm';
import { column, columnsIn } from '../engine/column.ts';
import type { Subject } from '../engine/subject.ts';
import { nameFilter } from './name-filter.ts';

const own = columnsIn('types');

export const types: Subject = {
  kind: 'rows',
  name: 'types',
  description: 'types of items in contracts',
  columns: {
    type_id: own('id', 'type_id', 'id of the type'),
    name: own('text', 'name', 'name of the type'),
    group_id: own('id', 'group_id', 'group of the type'),
    group_name: column('text', sql`groups.name`, 'name of the group'),
    category_id: column('id', sql`groups.category_id`, 'category of the group'),
    category_name: column('text', sql`categories.name`, 'name of the category'),
    market_group_id: own('id', 'market_group_id', 'market group of the type; null without one'),
    published: own('boolean', 'published', 'true if the game shows it; null if unknown'),
    fetched_at: own('instant', 'fetched_at', 'when it was fetched from ESI'),
  },
  from: sql`(SELECT * FROM types WHERE fetched_at IS NOT NULL) AS types
    LEFT JOIN groups ON groups.group_id = types.group_id
    LEFT JOIN categories ON categories.category_id = groups.category_id`,
  key: [sql`types.type_id`],
  order: sql`types.type_id`,
  tableFields: ['type_id', 'name', 'group_name', 'category_name', 'market_group_id'],
  filters: [nameFilter('types', 'type_id')],
  defaults: {},
  nested: [],
};
