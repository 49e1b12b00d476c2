import { type Question, resolve } from '../../src/query/engine/resolve.ts';
import { count, rows } from '../../src/query/engine/run.ts';
import type { OutputRow, Subject } from '../../src/query/engine/subject.ts';
import { subjects } from '../../src/query/subjects/subjects.ts';
import { readFrom, type TestDatabase } from './backings.ts';

/** A question, of all contracts in any order unless it says more. */
export interface GivenQuestion extends Partial<Omit<Question, 'subject'>> {
  readonly subject?: string;
}

/** The rows that a question is answered with. */
export async function ask(database: TestDatabase, given: GivenQuestion = {}): Promise<OutputRow[]> {
  return (await askBatches(database, given)).flat();
}

/** The same as they come from the database. */
export async function askBatches(database: TestDatabase, given: GivenQuestion = {}): Promise<OutputRow[][]> {
  return readFrom(database, async (reader) => {
    const batches: OutputRow[][] = [];
    for await (const batch of rows(await resolve(questionOf(given), reader))) batches.push(batch);
    return batches;
  });
}

/** Asks several questions over one connection. */
export function askAll<Result>(
  database: TestDatabase,
  work: (ask: (given: GivenQuestion) => Promise<OutputRow[]>) => Promise<Result>,
): Promise<Result> {
  return readFrom(database, (reader) =>
    work(async (given) => {
      const answer: OutputRow[] = [];
      for await (const batch of rows(await resolve(questionOf(given), reader))) answer.push(...batch);
      return answer;
    }),
  );
}

export async function askCount(database: TestDatabase, given: GivenQuestion = {}): Promise<number> {
  return readFrom(database, async (reader) => count(await resolve(questionOf(given), reader)));
}

/** Ids of the contracts that these filters keep, ascending; one that came twice would be there twice. */
export async function keptBy(database: TestDatabase, filters: Question['filters']): Promise<number[]> {
  const found = await ask(database, { filters, fields: ['contract_id'] });
  return idsOf(found).sort((a, b) => a - b);
}

export function idsOf(found: readonly OutputRow[]): number[] {
  return found.map(({ contract_id }) => Number(contract_id));
}

export function subjectNamed(name: string): Subject {
  const subject = subjects.find((candidate) => candidate.name === name);
  if (subject === undefined) throw new Error(`there is no subject ${name}`);
  return subject;
}

export function questionOf({ subject = 'contracts', ...given }: GivenQuestion): Question {
  return { filters: {}, descending: false, limit: 0, offset: 0, ...given, subject: subjectNamed(subject) };
}
