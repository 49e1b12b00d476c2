import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import { requireChoice } from '../engine/values.ts';

/**
 * Values of a column of contracts that takes few words are those that are known, and those that are stored, since ESI
 * may add others.
 *
 * @throws {UsageError} when a word is neither
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
