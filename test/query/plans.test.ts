import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillHistory } from '../../bench/history.ts';
import { rows } from '../../src/query/run.ts';
import type { Given } from '../../src/query/subject.ts';
import { migrate } from '../../src/store/open.ts';
import type { Reader } from '../../src/store/store.ts';
import { toInstant } from '../../src/time.ts';
import { subjectNamed } from '../helpers/ask.ts';
import { backings, type MadeDatabase, readFrom } from '../helpers/backings.ts';

const now = toInstant(new Date());

interface Planned {
  readonly subject?: string;
  readonly filters?: Given;
  readonly sort?: string;
  readonly fields?: readonly string[];
}

const questions: readonly Planned[] = [
  {},
  { sort: 'price' },
  { filters: { id: ['230000007'] } },
  { filters: { region: ['The Forge'], ship: ['Rifter'], 'max-price': ['2m'] } },
  { filters: { title: ['10/20'] }, sort: 'price' },
  { filters: { item: ['Tritanium'], state: ['all'] }, fields: ['contract_id', 'items'] },
  { filters: { type: ['courier'] } },
  { filters: { ships: [] }, sort: 'price' },
  { filters: { bpc: [], 'min-me': ['10'] } },
  { filters: { 'market-group': ['5'] } },
  { filters: { search: ['rifter'] } },
  { filters: { 'no-flagged': [] } },
  { subject: 'items', filters: { item: ['Tritanium'] }, sort: 'quantity' },
  { subject: 'ships', filters: { group: ['Frigate'] } },
  { subject: 'blueprints', filters: { item: ['Rifter Blueprint'] }, sort: 'price-per-run' },
  { subject: 'couriers' },
  { subject: 'prices', filters: { item: ['Rifter'] } },
  { subject: 'regions', sort: 'contracts_listed' },
];

describe.each(backings)('plans on $name', (backing) => {
  let made: MadeDatabase;
  beforeAll(async () => {
    made = await backing.makeDatabase();
    await migrate(made.database.location);
    await fillHistory(made.database.location, { listed: 150, gone: 1_500 });
  });
  afterAll(() => made.drop());

  /** What the database means to do for a question, line by line. */
  async function planOf({ subject = 'contracts', ...given }: Planned): Promise<string[]> {
    return readFrom(made.database, async (reader) => {
      const isSqlite = made.database.location.dialect === 'sqlite';
      // Tables as small as these are quickest read from end to end; the question is whether anything else is possible.
      if (!isSqlite) await reader.all(sql`SET LOCAL enable_seqscan = off`);
      const explain = isSqlite ? sql`EXPLAIN QUERY PLAN` : sql`EXPLAIN`;
      const plan: string[] = [];
      const explaining: Reader = {
        all: (query) => reader.all(query),
        async *batches(query, size) {
          const lines = await reader.all<Record<string, unknown>>(sql`${explain} ${query}`);
          plan.push(...lines.map((line) => String(line.detail ?? line['QUERY PLAN'])));
          yield* reader.batches(query, size);
        },
      };
      const question = {
        filters: {},
        descending: false,
        limit: 50,
        offset: 0,
        ...given,
        subject: subjectNamed(subject, now),
      };
      for await (const _ of rows(question, explaining, now));
      return plan;
    });
  }

  it.each(questions)('%j reads neither all items nor all contracts', async (question) => {
    const plan = await planOf(question);
    expect(plan.length).toBeGreaterThan(0);
    // SQLite says SEARCH where it knows what it looks for, and SCAN … USING INDEX where it walks along an index.
    const whole = plan.filter((line) =>
      /(?:SCAN|Seq Scan on) (?:contracts|contract_items)\b(?!.* INDEX contracts_listed)/.test(line),
    );
    expect(whole).toEqual([]);
  });
});
