import { type SQL, sql } from 'drizzle-orm';

/**
 * Ranks of the values within each group, from 0, and the number of values: columns `rank` and `total` for {@link
 * quartile}. Rows without a value rank after all others.
 */
export function ranksOf(value: SQL, group: SQL, tieBreak: SQL): SQL {
  return sql`row_number() OVER (PARTITION BY ${group} ORDER BY ${value} NULLS LAST, ${tieBreak}) - 1 AS rank,
    count(${value}) OVER (PARTITION BY ${group}) AS total`;
}

/**
 * The first, second (the median) or third quartile of the values of ranked rows, as an aggregate. Interpolates between
 * two values like PostgreSQL's `percentile_cont`. Uses integers as far as possible, so that every database computes the
 * same double. Null without values.
 */
export function quartile(which: 1 | 2 | 3, value: SQL): SQL {
  const quarters = sql`(total - 1) * ${sql.raw(String(which))}`;
  const below = sql`max(CASE WHEN rank = (${quarters}) / 4 THEN ${value} END)`;
  const above = sql`max(CASE WHEN rank = (${quarters} + 3) / 4 THEN ${value} END)`;
  return sql`${below} + (${above} - ${below}) * (CAST(max((${quarters}) % 4) AS double precision) / 4)`;
}
