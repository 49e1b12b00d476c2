import { type SQL, sql } from 'drizzle-orm';

/** Whether the value is one of these; false for an empty list. */
export function isAmong(expression: SQL, values: readonly string[]): SQL {
  if (values.length === 0) return sql`FALSE`;
  return sql`${expression} IN (${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`;
}

/**
 * Like {@link isAmong} for ids, which are written as literals: the number of parameters is limited, the number of ids
 * is not.
 */
export function isAmongIds(expression: SQL, ids: readonly number[]): SQL {
  if (ids.length === 0) return sql`FALSE`;
  return sql`${expression} IN (${sql.raw(ids.map((id) => BigInt(id).toString()).join(', '))})`;
}

/**
 * Whether the text is part of the value. LIKE's escape is not a backslash: in PostgreSQL a setting of the database
 * decides whether a backslash in a literal is an escape of the literal, too.
 */
export function contains(expression: SQL, text: string): SQL {
  return sql`${expression} LIKE ${`%${text.replaceAll(/[!%_]/g, '!$&')}%`} ESCAPE '!'`;
}

export function anyOf(conditions: readonly SQL[]): SQL {
  return sql`(${sql.join([...conditions], sql` OR `)})`;
}

/** All of the conditions; true for an empty list. */
export function allOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`TRUE` : sql.join([...conditions], sql` AND `);
}
