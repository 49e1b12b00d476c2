import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../store/store.ts';

/** Up to so many rows it is quicker to find them by an index than to walk along the order of the answer. */
const few = 5_000;

/**
 * Whether an index finds few rows. SQLite does not weigh the two ways against each other, and each takes seconds where
 * the other takes milliseconds.
 *
 * @param found `FROM … WHERE …`, for which there is an index
 */
export async function areFew(found: SQL, reader: Reader): Promise<boolean> {
  const [row] = await reader.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM (SELECT 1 ${found} LIMIT ${few + 1}) AS first_found`,
  );
  return Number(row?.total) <= few;
}
