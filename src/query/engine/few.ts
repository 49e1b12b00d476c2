import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** Up to this many rows, finding them by an index is faster than scanning in the order of the answer. */
const usuallyFew = 5_000;

/**
 * Whether few rows match. SQLite never compares the two query plans by their number of rows, and PostgreSQL not always;
 * the wrong plan takes seconds instead of milliseconds.
 *
 * @param found `FROM … WHERE …`
 * @param few maximum that counts as few
 */
export async function areFew(found: SQL, reader: Reader, few = usuallyFew): Promise<boolean> {
  const [row] = await reader.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM (SELECT 1 ${found} LIMIT ${few + 1}) AS first_found`,
  );
  return Number(row?.total) <= few;
}
