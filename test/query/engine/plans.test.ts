import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reader } from '../../../src/store/reader.ts';
import { backings, type MadeDatabase, readFrom } from '../../helpers/backings.ts';
import { fillHistory } from '../../history/history.ts';
import { answer, questionAsked, questionLines } from '../../history/questions.ts';

/** What was ever a courier can only be had by reading all contracts. */
const wholeHistory = 'hangarbay query --type courier --state all --limit 0 --format ndjson';
const lines = questionLines().filter((line) => line !== wholeHistory);

describe.each(backings)('plans on $name', (backing) => {
  let made: MadeDatabase;
  beforeAll(async () => {
    made = await backing.makeMigrated();
    await fillHistory(made.database.location, { listed: 150, gone: 1_500 });
  });
  afterAll(() => made.drop());

  /** What the database means to do for a question, line by line. */
  async function planOf(line: string): Promise<string[]> {
    return readFrom(made.database, async (reader) => {
      const isSqlite = made.database.location.dialect === 'sqlite';
      // Tables as small as these are quickest read from end to end; the question is whether anything else is possible.
      if (!isSqlite) await reader.all(sql`SET LOCAL enable_seqscan = off`);
      const plan: string[] = [];
      const explain = async (query: SQL) => {
        const answer = await reader.all<Record<string, unknown>>(
          sql`${isSqlite ? sql`EXPLAIN QUERY PLAN` : sql`EXPLAIN`} ${query}`,
        );
        plan.push(...answer.map((step) => String(step.detail ?? step['QUERY PLAN'])));
      };
      const explaining: Reader = {
        now: reader.now,
        async all<Row>(query: SQL) {
          await explain(query);
          return reader.all<Row>(query);
        },
        async *batches(query, sizes) {
          await explain(query);
          yield* reader.batches(query, sizes);
        },
      };
      await answer(questionAsked(line), explaining);
      return plan;
    });
  }

  it.each(lines)('%s reads neither all items nor all contracts', async (line) => {
    const plan = await planOf(line);
    expect(plan.length).toBeGreaterThan(0);
    // SQLite says SEARCH where it knows what it looks for, and SCAN … USING INDEX where it walks along an index.
    const whole = plan.filter((step) =>
      /(?:SCAN|Seq Scan on) (?:contracts|contract_items|contract_changes|contract_bids)\b(?!.* INDEX contracts_listed)/.test(
        step,
      ),
    );
    expect(whole).toEqual([]);
  });
});
