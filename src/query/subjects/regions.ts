import { sql } from 'drizzle-orm';
import { isInState } from '../contract/facts.ts';
import { column, columnsIn } from '../engine/column.ts';
import { lastSweeps } from '../engine/freshness.ts';
import type { Subject } from '../engine/subject.ts';
import { nameFilter } from './name-filter.ts';

const own = columnsIn('regions');

export const regions: Subject = {
  kind: 'rows',
  name: 'regions',
  description: 'regions, when they were last swept, and how many contracts they list',
  columns: {
    region_id: own('id', 'region_id', 'id of the region'),
    name: own('text', 'name', 'name of the region'),
    contracts_listed: column(
      'number',
      sql`(
        SELECT count(*) FROM contracts
        WHERE contracts.region_id = regions.region_id AND ${isInState.listed})`,
      'listed contracts that have not expired',
    ),
    last_sweep_at: column('instant', lastSweeps.last_sweep_at, 'end of the last sweep'),
    last_sweep_outcome: column(
      'text',
      lastSweeps.last_sweep_outcome,
      'outcome of the last sweep: complete, inconclusive, doubtful or failed',
    ),
    last_complete_sweep_at: column('instant', lastSweeps.last_complete_sweep_at, 'end of the last complete sweep'),
  },
  from: sql`regions`,
  key: [sql`regions.region_id`],
  order: sql`regions.region_id`,
  tableFields: ['region_id', 'name', 'contracts_listed', 'last_sweep_outcome', 'last_complete_sweep_at'],
  filters: [nameFilter('regions', 'region_id')],
  defaults: {},
  nested: [],
};
