import { type SQL, sql } from 'drizzle-orm';

/**
 * Ranks of the values within each group, from 0, and how many there are: columns `rank` and `total` for
 * {@link quartile}. Rows without a value have ranks after all others.
 */
export function ranksOf(value: SQL, group: SQL, tieBreak: SQL): SQL {
  return sql`row_number() OVER (PARTITION BY ${group} ORDER BY ${value} NULLS LAST, ${tieBreak}) - 1 AS rank,
    count(${value}) OVER (PARTITION BY ${group}) AS total`;
}

/**
 * The first, second (the median) or third quartile of the values of ranked rows, as an aggregate: where it falls
 * between two values, it lies between them in proportion, as with PostgreSQL's `percentile_cont`. In whole numbers as
 * far as possible, so that every database comes to the same double. Null where there are no values.
 */
export function quartile(which: 1 | 2 | 3, value: SQL): SQL {
  const quarters = sql`(total - 1) * ${sql.raw(String(which))}`;
  const below = sql`max(CASE WHEN rank = (${quarters}) / 4 THEN ${value} END)`;
  const above = sql`max(CASE WHEN rank = (${quarters} + 3) / 4 THEN ${value} END)`;
  return sql`${below} + (${above} - ${below}) * (CAST(max((${quarters}) % 4) AS double precision) / 4)`;
}
