import { type SQL, sql } from 'drizzle-orm';
import { isAmong, isAmongIds } from './conditions.ts';
import type { Subject } from './subject.ts';

type KeyValue = string | number;

/** A row's key, and the id of its contract. */
export interface KeyedRow {
  readonly first_key: KeyValue;
  readonly other_key?: KeyValue;
  readonly contract_key?: number;
}

/** The parts of a {@link KeyedRow} as columns. */
export function keyColumns({ key: [first, other], contract }: Subject): SQL {
  const parts = [sql`${first} AS first_key`];
  if (other !== undefined) parts.push(sql`${other} AS other_key`);
  if (contract !== undefined) parts.push(sql`${contract.id} AS contract_key`);
  return sql.join(parts, sql`, `);
}

/** The contracts of rows, each once. */
export function contractIdsOf(rows: readonly KeyedRow[]): number[] {
  return [...new Set(rows.flatMap(({ contract_key }) => contract_key ?? []))];
}

/** The rows that have one of these values as the first part of their key. */
export function hasFirstKey({ key: [first] }: Subject, rows: readonly KeyedRow[]): SQL {
  return isOneOf(
    first,
    rows.map(({ first_key }) => first_key),
  );
}

/** The rows with these keys; written so that every database starts from the keys. */
export function hasKey(subject: Subject, rows: readonly KeyedRow[]): SQL {
  const [first, other] = subject.key;
  const isFirst = hasFirstKey(subject, rows);
  if (other === undefined) return isFirst;
  // As literals, because PostgreSQL treats a parameter in VALUES as text.
  const pairs = rows.map((row) => sql.raw(`(${BigInt(row.first_key)}, ${BigInt(row.other_key ?? 0)})`));
  return sql`${isFirst} AND (${first}, ${other}) IN (VALUES ${sql.join(pairs, sql`, `)})`;
}

function isOneOf(expression: SQL, values: readonly KeyValue[]): SQL {
  const ids = values.filter((value) => typeof value === 'number');
  return ids.length === values.length ? isAmongIds(expression, ids) : isAmong(expression, values.map(String));
}
