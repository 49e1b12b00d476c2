import { sql } from 'drizzle-orm';
import { column, columnsIn } from '../engine/column.ts';
import type { Subject } from '../engine/subject.ts';
import { nameFilter } from './name-filter.ts';

const own = columnsIn('market_groups');

export const marketGroups: Subject = {
  kind: 'rows',
  name: 'market-groups',
  description: 'market groups of those types, with their parents',
  columns: {
    market_group_id: own('id', 'market_group_id', 'id of the market group'),
    name: own('text', 'name', 'name of the market group'),
    parent_group_id: own('id', 'parent_group_id', 'market group above it; null at the top'),
    parent_group_name: column('text', sql`parent.name`, 'name of the market group above it'),
    fetched_at: own('instant', 'fetched_at', 'when it was fetched from ESI'),
  },
  from: sql`(SELECT * FROM market_groups WHERE fetched_at IS NOT NULL) AS market_groups
    LEFT JOIN market_groups AS parent ON parent.market_group_id = market_groups.parent_group_id`,
  key: [sql`market_groups.market_group_id`],
  order: sql`market_groups.market_group_id`,
  tableFields: ['market_group_id', 'name', 'parent_group_name'],
  filters: [nameFilter('market_groups', 'market_group_id')],
  defaults: {},
  nested: [],
};
