import { type SQL, sql } from 'drizzle-orm';
import { isAmong, isAmongIds } from './conditions.ts';
import type { Subject } from './subject.ts';

type KeyValue = string | number;

/** A row's key; its first part is what rows within it refer to. */
export interface KeyedRow {
  readonly parent_key: KeyValue;
  readonly other_key?: KeyValue;
}

/** The parts of a key as columns of a {@link KeyedRow}. */
export function keyColumns({ key: [parent, other] }: Subject): SQL {
  return other === undefined ? sql`${parent} AS parent_key` : sql`${parent} AS parent_key, ${other} AS other_key`;
}

/** The rows with one of these keys in the first part of theirs. */
export function hasParent({ key: [parent] }: Subject, rows: readonly KeyedRow[]): SQL {
  return isOneOf(
    parent,
    rows.map(({ parent_key }) => parent_key),
  );
}

/** The rows with these keys; written so that every database begins with the keys. */
export function hasKey(subject: Subject, rows: readonly KeyedRow[]): SQL {
  const [parent, other] = subject.key;
  const isParent = hasParent(subject, rows);
  if (other === undefined) return isParent;
  // Written out, since PostgreSQL takes a parameter among values for a text.
  const pairs = rows.map((row) => sql.raw(`(${BigInt(row.parent_key)}, ${BigInt(row.other_key ?? 0)})`));
  return sql`${isParent} AND (${parent}, ${other}) IN (VALUES ${sql.join(pairs, sql`, `)})`;
}

function isOneOf(expression: SQL, values: readonly KeyValue[]): SQL {
  const ids = values.filter((value) => typeof value === 'number');
  return ids.length === values.length ? isAmongIds(expression, ids) : isAmong(expression, values.map(String));
}
