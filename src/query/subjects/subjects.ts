import { sql } from 'drizzle-orm';
import type { Instant } from '../../time.ts';
import { column, columnsIn } from '../engine/columns.ts';
import { isAmongIds } from '../engine/conditions.ts';
import { lastSweeps } from '../engine/freshness.ts';
import type { Column, ColumnKind, Filter, Subject } from '../engine/subject.ts';
import { isInState } from '../filters/time-filters.ts';
import { blueprintsSubject } from './blueprints.ts';
import { changesSubject } from './changes.ts';
import { contractsSubject } from './contracts.ts';
import { couriersSubject } from './couriers.ts';
import { itemsSubject } from './items.ts';
import { pricesSubject } from './prices.ts';
import { ships } from './ships.ts';

/** Everything that can be asked for, as of `now`; contracts come first. */
export function createSubjects(now: Instant): readonly Subject[] {
  return [
    contractsSubject(now),
    itemsSubject(now),
    ships,
    blueprintsSubject(now),
    couriersSubject(now),
    pricesSubject(now),
    changesSubject(now),
    types,
    marketGroups,
    regionsSubject(now),
    runs,
  ];
}

/** Columns of a table with their kinds. */
function columnsOf(table: string, kinds: Readonly<Record<string, ColumnKind>>): Record<string, Column> {
  const own = columnsIn(table);
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, own(kind, name)]));
}

/** Names of rows are matched by JavaScript, as those in other filters: case means the same whatever the database. */
function nameFilter(table: string, id: string): Filter {
  const [from, key] = [sql.identifier(table), sql.identifier(id)];
  return {
    flag: '--name',
    argument: '<text>',
    description: 'name contains this, in upper or lower case',
    condition: async (values, { reader }) => {
      const texts = values.map((value) => value.toLowerCase());
      const rows = await reader.all<{ id: number; name: string }>(
        sql`SELECT ${key} AS id, name FROM ${from} WHERE name IS NOT NULL`,
      );
      const named = rows.filter(({ name }) => texts.some((text) => name.toLowerCase().includes(text)));
      return isAmongIds(
        sql`${from}.${key}`,
        named.map(({ id }) => id),
      );
    },
  };
}

const types: Subject = {
  name: 'types',
  description: 'types of items that contracts held',
  columns: {
    ...columnsOf('types', { type_id: 'id', name: 'text', group_id: 'id' }),
    group_name: column('text', sql`groups.name`),
    category_id: column('id', sql`groups.category_id`),
    category_name: column('text', sql`categories.name`),
    ...columnsOf('types', { market_group_id: 'id', published: 'flag', fetched_at: 'instant' }),
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

const marketGroups: Subject = {
  name: 'market-groups',
  description: 'market groups of those types, with their parents',
  columns: {
    ...columnsOf('market_groups', { market_group_id: 'id', name: 'text', parent_group_id: 'id' }),
    parent_group_name: column('text', sql`parent.name`),
    ...columnsOf('market_groups', { fetched_at: 'instant' }),
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

const regionsSubject = (now: Instant): Subject => ({
  name: 'regions',
  description: 'regions, when they were last swept, and how many contracts they list',
  columns: {
    ...columnsOf('regions', { region_id: 'id', name: 'text' }),
    contracts_listed: {
      kind: 'number',
      sql: sql`(
        SELECT count(*) FROM contracts
        WHERE contracts.region_id = regions.region_id AND ${isInState('listed', now)})`,
    },
    last_sweep_at: column('instant', lastSweeps.last_sweep_at),
    last_sweep_outcome: column('text', lastSweeps.last_sweep_outcome),
    last_complete_sweep_at: column('instant', lastSweeps.last_complete_sweep_at),
  },
  from: sql`regions`,
  key: [sql`regions.region_id`],
  order: sql`regions.region_id`,
  tableFields: ['region_id', 'name', 'contracts_listed', 'last_sweep_outcome', 'last_complete_sweep_at'],
  filters: [nameFilter('regions', 'region_id')],
  defaults: {},
  nested: [],
});

const runs: Subject = {
  name: 'runs',
  description: 'the ledger of passes, newest first',
  columns: columnsOf('runs', {
    run_id: 'text',
    started_at: 'instant',
    finished_at: 'instant',
    outcome: 'text',
    exit_code: 'number',
    regions_complete: 'number',
    regions_inconclusive: 'number',
    regions_failed: 'number',
    regions_fresh: 'number',
    regions_not_reached: 'number',
    contracts_listed: 'number',
    contracts_new: 'number',
    contracts_stored: 'number',
    contracts_gone: 'number',
    contracts_deferred: 'number',
    contracts_quarantined: 'number',
    items_stored: 'number',
    requests_total: 'number',
    requests_not_modified: 'number',
    requests_errors: 'number',
    error: 'text',
    host: 'text',
    process_id: 'number',
    version: 'text',
    regions_doubtful: 'number',
  }),
  from: sql`runs`,
  key: [sql`runs.run_id`],
  order: sql`runs.started_at DESC, runs.run_id DESC`,
  tableFields: [
    'started_at',
    'finished_at',
    'outcome',
    'exit_code',
    'contracts_listed',
    'contracts_stored',
    'contracts_gone',
    'contracts_deferred',
    'requests_total',
    'requests_errors',
  ],
  filters: [],
  defaults: {},
  nested: [],
};
