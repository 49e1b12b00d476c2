import { type SQL, sql } from 'drizzle-orm';
import { fieldsOf, type NeededKind, type ReferenceKind, referenceKindNames, tableOf } from '../../../eve/reference.ts';
import { storableJson } from '../../../eve/text.ts';
import { isDue, nextReferenceAttemptAt } from '../../backoff.ts';
import type { MissingReference, Reference, ReferencePostponement, StaleReference } from '../../records/pass.ts';
import {
  assignedValues,
  type Dialect,
  type Driver,
  excludedValues,
  execute,
  insertInto,
  insertRowsInto,
  type Script,
  type ValueKind,
} from '../../script.ts';
import type { ReferenceStore } from '../../store.ts';
import { forgetEnteredRolls } from '../rolls.ts';
import { forgetValues } from '../values.ts';
import { enterNeeds, namedByReferences } from './needs.ts';

/** Columns that mark the last attempt as successful. */
export const settledAttempt = { attempts: 0, next_attempt_at: null, last_answer: null };

export function referenceOperations({ transact, read, dialect }: Driver): ReferenceStore {
  return {
    async missingReferences(kind, now) {
      const { table, id } = tableOf(kind);
      const rows = await read<MissingReference>(sql`
        SELECT ${sql.identifier(id)} AS id, attempts FROM ${sql.identifier(table)}
        WHERE fetched_at IS NULL AND (next_attempt_at IS NULL OR ${isDue(sql`next_attempt_at`, now)})
        ORDER BY ${sql.identifier(id)}`);
      return [...rows];
    },
    async typesIn(kind, typeIds) {
      const { table, id } = tableOf(kind);
      const wanted = new Set(typeIds);
      const rows = await read<{ id: number; response: string }>(sql`
        SELECT ${sql.identifier(id)} AS id, response FROM ${sql.identifier(table)} WHERE response IS NOT NULL`);
      const holders = rows.flatMap((row) => typesOf(row.response).map((type) => [type, row.id] as const));
      return {
        holders: new Map(holders.filter(([type]) => wanted.has(type))),
        known: new Set(rows.map((row) => row.id)),
      };
    },
    async groupsOf(categoryIds) {
      const rows = await read<{ group_id: number }>(sql`
        SELECT group_id FROM groups WHERE category_id IN (${dialect.values('id', categoryIds)}) ORDER BY group_id`);
      return rows.map(({ group_id }) => group_id);
    },
    async systemsOfStations(stationIds) {
      const rows = await read<{ station_id: number; system_id: number }>(sql`
        SELECT station_id, system_id FROM stations WHERE station_id IN (${dialect.values('id', stationIds)})
        ORDER BY station_id`);
      return new Map(rows.map(({ station_id, system_id }) => [station_id, system_id]));
    },
    async expiredReferences(kind, ids, now) {
      const { table, id } = tableOf(kind);
      const rows = await read<StaleReference>(sql`
        SELECT ${sql.identifier(id)} AS id, etag FROM ${sql.identifier(table)}
        WHERE ${sql.identifier(id)} IN (${dialect.values('id', ids)})
          AND ${isDue(sql`expires_at`, now)} AND (next_attempt_at IS NULL OR ${isDue(sql`next_attempt_at`, now)})
        ORDER BY ${sql.identifier(id)}`);
      return [...rows];
    },
    saveReferences: (references) =>
      transact(function* () {
        for (const kind of referenceKindNames) {
          const ofKind = references.filter((reference) => reference.kind === kind);
          if (ofKind.length > 0) yield* saveOfKind(kind, ofKind, dialect);
        }
        yield* enterNeeds(namedByReferences(references), dialect);
      }),
    extendReference: (kind, id, expires_at) =>
      transact(function* () {
        yield* execute(upsert(kind, id, { expires_at, ...settledAttempt }));
      }),
    async postponeReferences(postponements, now) {
      for (const kind of new Set(postponements.map((postponement) => postponement.kind))) {
        const ofKind = postponements.filter((postponement) => postponement.kind === kind);
        // Read before the write transaction, which would count twice if it were repeated.
        const ids = ofKind.map(({ id }) => id);
        const attempts = await transact(() => attemptsOf(kind, ids, dialect));
        await transact(() => postpone(kind, ofKind, attempts, now, dialect));
      }
    },
    saveNames: (names, now) =>
      transact(function* () {
        // One row per id: an answer may have duplicates, and no database updates a row twice in one statement.
        const rows = [...new Map(names.map((name) => [name.id, { ...name, fetched_at: now }])).values()];
        const kinds = { id: 'id', name: 'text', category: 'text', fetched_at: 'instant' } as const;
        yield* execute(sql`${insertRowsInto('names', kinds, rows, dialect)}
          ON CONFLICT (id) DO UPDATE SET ${excludedValues(['name', 'category', 'fetched_at'])},
            ${assignedValues(settledAttempt)}`);
      }),
  };
}

/** The columns that come from an answer, without the id. */
const answerKinds = { response: 'json', etag: 'text', fetched_at: 'instant', expires_at: 'instant' } as const;

function fieldKinds(kind: ReferenceKind): Record<string, ValueKind> {
  return Object.fromEntries(Object.entries(fieldsOf(kind)).map(([name, field]) => [name, field.kind]));
}

function* saveOfKind(kind: ReferenceKind, references: readonly Reference[], dialect: Dialect): Script<void> {
  const { table, id: idColumn } = tableOf(kind);
  const columns = { ...fieldKinds(kind), ...answerKinds };
  // No database updates a row twice in one statement.
  const byId = new Map(references.map((reference) => [reference.id, reference]));
  const rows = [...byId.values()].map(({ id, fields, response, etag, fetched_at, expires_at }) => {
    const text = response === null ? null : storableJson(response);
    return { [idColumn]: id, ...fields, response: text, etag, fetched_at, expires_at };
  });
  yield* execute(sql`${insertRowsInto(table, { [idColumn]: 'id', ...columns }, rows, dialect)}
    ON CONFLICT (${sql.identifier(idColumn)}) DO UPDATE SET ${excludedValues(Object.keys(columns))},
      ${assignedValues(settledAttempt)}`);
  if (references.some(({ fields }) => 'is_dynamic' in fields && fields.is_dynamic === true)) {
    yield* forgetEnteredRolls();
    yield* forgetValues();
  }
}

/** The type ids in the answer of a group or a market group. */
function typesOf(response: string): number[] {
  const { types } = JSON.parse(response) as { types?: unknown };
  return Array.isArray(types) ? types.filter((id): id is number => typeof id === 'number') : [];
}

function* attemptsOf(kind: NeededKind, ids: readonly number[], dialect: Dialect): Script<Map<number, number>> {
  const { table, id } = tableOf(kind);
  const rows = yield* execute<MissingReference>(sql`
    SELECT ${sql.identifier(id)} AS id, attempts FROM ${sql.identifier(table)}
    WHERE ${sql.identifier(id)} IN (${dialect.values('id', ids)})`);
  return new Map(rows.map((row) => [row.id, row.attempts]));
}

function* postpone(
  kind: NeededKind,
  postponements: readonly ReferencePostponement[],
  attemptsBefore: ReadonlyMap<number, number>,
  now: Date,
  dialect: Dialect,
): Script<void> {
  const { table, id: idColumn } = tableOf(kind);
  const rows = postponements.map(({ id, answer, refused }) => {
    const attempts = 1 + (attemptsBefore.get(id) ?? 0);
    const next_attempt_at = nextReferenceAttemptAt(attempts, refused ? 'refused' : 'failed', now);
    return { [idColumn]: id, attempts, next_attempt_at, last_answer: answer };
  });
  const columns = { attempts: 'id', next_attempt_at: 'instant', last_answer: 'text' } as const;
  yield* execute(sql`${insertRowsInto(table, { [idColumn]: 'id', ...columns }, rows, dialect)}
    ON CONFLICT (${sql.identifier(idColumn)}) DO UPDATE SET ${excludedValues(Object.keys(columns))}`);
}

/** Writes some columns of an object's row and keeps the others. */
function upsert(kind: NeededKind, id: number, columns: Readonly<Record<string, unknown>>): SQL {
  const { table, id: idColumn } = tableOf(kind);
  return sql`${insertInto(table, { [idColumn]: id, ...columns })}
    ON CONFLICT (${sql.identifier(idColumn)}) DO UPDATE SET ${excludedValues(Object.keys(columns))}`;
}
