import { type SQL, sql } from 'drizzle-orm';

/** The value is one of these; none of these where there are none. */
export function isAmong(expression: SQL, values: readonly string[]): SQL {
  if (values.length === 0) return sql`FALSE`;
  return sql`${expression} IN (${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`;
}

/** As {@link isAmong}, for ids, which are written out: their number is not bound by how many parameters there may be. */
export function isAmongIds(expression: SQL, ids: readonly number[]): SQL {
  if (ids.length === 0) return sql`FALSE`;
  return sql`${expression} IN (${sql.raw(ids.map((id) => BigInt(id).toString()).join(', '))})`;
}

export function anyOf(conditions: readonly SQL[]): SQL {
  return sql`(${sql.join([...conditions], sql` OR `)})`;
}

/** All of the conditions; true where there are none. */
export function allOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`TRUE` : sql.join([...conditions], sql` AND `);
}
