import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import { requireChoice } from '../engine/values.ts';

/**
 * Checks values of a contract column with few values: the documented ones, and those that are stored, because ESI may
 * add others.
 *
 * @throws {UsageError} when a value is neither
 */
export async function requireKnown(
  flag: string,
  words: readonly string[],
  known: readonly string[],
  column: SQL,
  reader: Reader,
): Promise<void> {
  for (const word of words) {
    if (known.includes(word)) continue;
    const stored = await reader.all(sql`SELECT 1 AS stored FROM contracts WHERE ${column} = ${word} LIMIT 1`);
    if (stored.length === 0) requireChoice(flag, word, known);
  }
}
