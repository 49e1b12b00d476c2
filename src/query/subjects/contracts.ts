import { sql } from 'drizzle-orm';
import { nestedBids } from '../contract/bids.ts';
import { contractColumns, contractJoins, ownContract } from '../contract/columns.ts';
import { nestedItems } from '../contract/items.ts';
import type { Subject } from '../engine/subject.ts';
import { contractFilters, contractItemConditions } from '../filters/contract-filters.ts';
import { contractOddities, noFlagged } from '../oddities/contract-oddities.ts';

export const contracts: Subject = {
  kind: 'rows',
  name: 'contracts',
  description: 'public contracts',
  columns: contractColumns,
  from: sql`contracts`,
  joins: () => contractJoins,
  key: [sql`contracts.contract_id`],
  contract: ownContract,
  order: sql`contracts.date_issued DESC`,
  tableFields: [
    'contract_id',
    'type',
    'title',
    'ship_name',
    'price',
    'reward',
    'item_count',
    'region_name',
    'start_location_name',
    'date_expired',
  ],
  filters: [...contractFilters, noFlagged],
  itemsFit: contractItemConditions,
  defaults: { state: ['listed'] },
  nested: [nestedItems, nestedBids],
  derived: [contractOddities],
};
