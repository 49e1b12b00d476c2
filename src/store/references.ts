import { type SQL, sql } from 'drizzle-orm';
import { stations, systems } from '../eve/id-ranges.ts';
import type { ReferenceKind } from '../eve/reference.ts';

/** Where each kind of object is kept: its table, the column of its id, and the columns of its fields. */
export const referenceTables = {
  region: { table: 'regions', id: 'region_id', fields: ['name'] },
  system: { table: 'systems', id: 'system_id', fields: ['name', 'constellation_id', 'security_status'] },
  station: { table: 'locations', id: 'location_id', fields: ['name', 'system_id'] },
  type: { table: 'types', id: 'type_id', fields: ['name', 'group_id', 'market_group_id', 'published'] },
  group: { table: 'groups', id: 'group_id', fields: ['name', 'category_id', 'published'] },
  category: { table: 'categories', id: 'category_id', fields: ['name', 'published'] },
  market_group: { table: 'market_groups', id: 'market_group_id', fields: ['name', 'parent_group_id'] },
  name: { table: 'names', id: 'id', fields: ['name', 'category'] },
} as const satisfies Record<ReferenceKind | 'name', ReferenceTable>;

export interface ReferenceTable {
  readonly table: string;
  readonly id: string;
  readonly fields: readonly string[];
}

/** Queries for the ids of each kind that the other tables refer to, in one column `id`; the same on each dialect. */
export const referredIds: Readonly<Record<ReferenceKind | 'name', SQL>> = {
  region: sql`SELECT DISTINCT region_id AS id FROM region_sweeps`,
  system: sql`
    SELECT system_id AS id FROM locations WHERE system_id IS NOT NULL
    UNION SELECT start_location_id FROM contracts WHERE start_location_id BETWEEN ${systems.first} AND ${systems.last}
    UNION SELECT end_location_id FROM contracts WHERE end_location_id BETWEEN ${systems.first} AND ${systems.last}`,
  station: sql`
    SELECT start_location_id AS id FROM contracts WHERE start_location_id BETWEEN ${stations.first} AND ${stations.last}
    UNION SELECT end_location_id FROM contracts WHERE end_location_id BETWEEN ${stations.first} AND ${stations.last}`,
  type: sql`SELECT DISTINCT type_id AS id FROM contract_items`,
  group: sql`SELECT DISTINCT group_id AS id FROM types WHERE group_id IS NOT NULL`,
  category: sql`SELECT DISTINCT category_id AS id FROM groups WHERE category_id IS NOT NULL`,
  market_group: sql`
    SELECT market_group_id AS id FROM types WHERE market_group_id IS NOT NULL
    UNION SELECT parent_group_id FROM market_groups WHERE parent_group_id IS NOT NULL`,
  name: sql`SELECT issuer_id AS id FROM contracts UNION SELECT issuer_corporation_id FROM contracts`,
};
