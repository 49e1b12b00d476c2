import { type SQL, sql } from 'drizzle-orm';
import type { ReferenceKind } from '../../eve/reference.ts';
import { nextReferenceAttemptAt } from '../backoff.ts';
import { referenceTables, referredIds } from '../references.ts';
import type { StaleReference, Store } from '../store.ts';
import type { Database } from './connection.ts';

type ReferenceOperations = Pick<
  Store,
  'missingReferences' | 'expiredReferences' | 'saveReference' | 'extendReference' | 'postponeReference' | 'saveNames'
>;

/** Columns that say that the last attempt went well. */
const settledAttempt = { attempts: 0, next_attempt_at: null, last_answer: null };

export function referenceOperations(database: Database): ReferenceOperations {
  /** Writes some columns of an object's row and leaves the others as they are. */
  function upsert(kind: ReferenceKind | 'name', id: number, columns: Readonly<Record<string, unknown>>): void {
    const { table, id: idColumn } = referenceTables[kind];
    const values = { [idColumn]: id, ...columns };
    const names = Object.keys(values).map((name) => sql.identifier(name));
    const assignments = Object.keys(columns).map((name) => sql`${sql.identifier(name)} = ${excluded(name)}`);
    database.run(sql`
      INSERT INTO ${sql.identifier(table)} (${sql.join(names, sql`, `)})
      VALUES (${sql.join(Object.values(values).map(bound), sql`, `)})
      ON CONFLICT (${sql.identifier(idColumn)}) DO UPDATE SET ${sql.join(assignments, sql`, `)}`);
  }

  return {
    async missingReferences(kind, now) {
      const { table, id } = referenceTables[kind];
      const rows = database.all<{ id: number }>(sql`
        SELECT referred.id AS id FROM (${referredIds[kind]}) AS referred
        LEFT JOIN ${sql.identifier(table)} AS known ON known.${sql.identifier(id)} = referred.id
        WHERE known.fetched_at IS NULL AND (known.next_attempt_at IS NULL OR known.next_attempt_at <= ${now})
        ORDER BY referred.id`);
      return rows.map((row) => row.id);
    },
    async expiredReferences(kind, ids, now) {
      const { table, id } = referenceTables[kind];
      return database.all<StaleReference>(sql`
        SELECT ${sql.identifier(id)} AS id, etag FROM ${sql.identifier(table)}
        WHERE ${sql.identifier(id)} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
          AND expires_at <= ${now} AND (next_attempt_at IS NULL OR next_attempt_at <= ${now})`);
    },
    async saveReference({ kind, id, fields, response, ...facts }) {
      upsert(kind, id, { ...fields, response: JSON.stringify(response), ...facts, ...settledAttempt });
    },
    async extendReference(kind, id, expires_at) {
      upsert(kind, id, { expires_at, ...settledAttempt });
    },
    async postponeReference({ kind, id, answer, refused }, now) {
      const { table, id: idColumn } = referenceTables[kind];
      const known = database.get<{ attempts: number } | undefined>(
        sql`SELECT attempts FROM ${sql.identifier(table)} WHERE ${sql.identifier(idColumn)} = ${id}`,
      );
      const attempts = (known?.attempts ?? 0) + 1;
      const next_attempt_at = nextReferenceAttemptAt(attempts, refused, now);
      upsert(kind, id, { attempts, next_attempt_at, last_answer: answer });
    },
    async saveNames(names, now) {
      database.transaction(() => {
        for (const { id, name, category } of names) {
          upsert('name', id, { name, category, fetched_at: now, ...settledAttempt });
        }
      });
    },
  };
}

function excluded(column: string): SQL {
  return sql`excluded.${sql.identifier(column)}`;
}

/** better-sqlite3 binds no booleans. */
function bound(value: unknown): SQL {
  return sql`${typeof value === 'boolean' ? Number(value) : value}`;
}
