import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** Up to so many rows it is quicker to find them by an index than to walk along the order of the answer. */
const usuallyFew = 5_000;

/**
 * Whether so few rows fit that one way of reading them is quicker than another. SQLite does not weigh the ways against
 * each other, and PostgreSQL not always: each takes seconds where the other takes milliseconds.
 *
 * @param found `FROM … WHERE …`
 * @param few how many rows are few
 */
export async function areFew(found: SQL, reader: Reader, few = usuallyFew): Promise<boolean> {
  const [row] = await reader.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM (SELECT 1 ${found} LIMIT ${few + 1}) AS first_found`,
  );
  return Number(row?.total) <= few;
}
