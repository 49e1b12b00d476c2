import { type SQL, sql } from 'drizzle-orm';
import { stations, systems } from '../eve/id-ranges.ts';
import type { ReferenceKind } from '../eve/reference.ts';
import { storableJson } from '../eve/text.ts';
import { isDue, nextReferenceAttemptAt } from './backoff.ts';
import { ask, assignedValues, type Driver, excludedValues, insertInto, insertRowsInto, type Script } from './script.ts';
import type { StaleReference, Store } from './store.ts';

/** Where each kind of object is kept: its table and the column of its id. */
const referenceTables = {
  region: { table: 'regions', id: 'region_id' },
  system: { table: 'systems', id: 'system_id' },
  station: { table: 'locations', id: 'location_id' },
  type: { table: 'types', id: 'type_id' },
  group: { table: 'groups', id: 'group_id' },
  category: { table: 'categories', id: 'category_id' },
  market_group: { table: 'market_groups', id: 'market_group_id' },
  name: { table: 'names', id: 'id' },
} as const satisfies Record<ReferenceKind | 'name', ReferenceTable>;

interface ReferenceTable {
  readonly table: string;
  readonly id: string;
}

/** Queries for the ids of each kind that the other tables refer to, in one column `id`; the same on each dialect. */
const referredIds: Readonly<Record<ReferenceKind | 'name', SQL>> = {
  // Of all of them: couriers end in regions that nobody configured.
  region: sql`SELECT region_id AS id FROM regions UNION SELECT region_id FROM region_sweeps`,
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

type ReferenceOperations = Pick<
  Store,
  'missingReferences' | 'expiredReferences' | 'saveReference' | 'extendReference' | 'postponeReference' | 'saveNames'
>;

/** Columns that say that the last attempt went well. */
const settledAttempt = { attempts: 0, next_attempt_at: null, last_answer: null };

export function referenceOperations({ transact, dialect }: Driver): ReferenceOperations {
  return {
    missingReferences: (kind, now) =>
      transact(function* () {
        const { table, id } = referenceTables[kind];
        const rows = yield* ask<{ id: number }>(sql`
          SELECT referred.id AS id FROM (${referredIds[kind]}) AS referred
          LEFT JOIN ${sql.identifier(table)} AS known ON known.${sql.identifier(id)} = referred.id
          WHERE known.fetched_at IS NULL AND (known.next_attempt_at IS NULL OR ${isDue(sql`known.next_attempt_at`, now)})
          ORDER BY referred.id`);
        return rows.map((row) => row.id);
      }),
    expiredReferences: (kind, ids, now) =>
      transact(function* () {
        const { table, id } = referenceTables[kind];
        const rows = yield* ask<StaleReference>(sql`
          SELECT ${sql.identifier(id)} AS id, etag FROM ${sql.identifier(table)}
          WHERE ${sql.identifier(id)} IN (${dialect.values('id', ids)})
            AND ${isDue(sql`expires_at`, now)} AND (next_attempt_at IS NULL OR ${isDue(sql`next_attempt_at`, now)})
          ORDER BY ${sql.identifier(id)}`);
        return [...rows];
      }),
    saveReference: ({ kind, id, fields, response, ...facts }) =>
      transact(function* () {
        const columns = { ...fields, response: storableJson(response), ...facts, ...settledAttempt };
        yield* ask(upsert(kind, id, columns));
      }),
    extendReference: (kind, id, expires_at) =>
      transact(function* () {
        yield* ask(upsert(kind, id, { expires_at, ...settledAttempt }));
      }),
    async postponeReference({ kind, id, answer, refused }, now) {
      // Read before the transaction that writes, which would count twice if it had to be repeated.
      const attempts = 1 + (await transact(() => attemptsOf(kind, id)));
      const next_attempt_at = nextReferenceAttemptAt(attempts, refused, now);
      await transact(() => ask(upsert(kind, id, { attempts, next_attempt_at, last_answer: answer })));
    },
    saveNames: (names, now) =>
      transact(function* () {
        // One row an id: an answer may name one twice, and no database changes a row twice in one statement.
        const rows = [...new Map(names.map((name) => [name.id, { ...name, fetched_at: now }])).values()];
        const kinds = { id: 'id', name: 'text', category: 'text', fetched_at: 'instant' } as const;
        yield* ask(sql`${insertRowsInto('names', kinds, rows, dialect)}
          ON CONFLICT (id) DO UPDATE SET ${excludedValues(['name', 'category', 'fetched_at'])},
            ${assignedValues(settledAttempt)}`);
      }),
  };
}

function* attemptsOf(kind: ReferenceKind | 'name', id: number): Script<number> {
  const { table, id: idColumn } = referenceTables[kind];
  const [known] = yield* ask<{ attempts: number }>(
    sql`SELECT attempts FROM ${sql.identifier(table)} WHERE ${sql.identifier(idColumn)} = ${id}`,
  );
  return known?.attempts ?? 0;
}

/** Writes some columns of an object's row and leaves the others as they are. */
function upsert(kind: ReferenceKind | 'name', id: number, columns: Readonly<Record<string, unknown>>): SQL {
  const { table, id: idColumn } = referenceTables[kind];
  return sql`${insertInto(table, { [idColumn]: id, ...columns })}
    ON CONFLICT (${sql.identifier(idColumn)}) DO UPDATE SET ${excludedValues(Object.keys(columns))}`;
}
