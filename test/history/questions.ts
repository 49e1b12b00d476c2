import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitLine } from '../../src/commands/completion/shell-words.ts';
import { examples } from '../../src/commands/examples.ts';
import { flagsOf, questionOf } from '../../src/commands/query/question.ts';
import { freshnessOf } from '../../src/query/engine/freshness.ts';
import { type Question, resolve } from '../../src/query/engine/resolve.ts';
import { count, rows } from '../../src/query/engine/run.ts';
import { subjects } from '../../src/query/subjects/subjects.ts';
import type { Reader } from '../../src/store/reader.ts';

/** A question, and whether only its rows are counted. */
export interface AskedQuestion {
  readonly question: Question;
  readonly isCounted: boolean;
}

/** Further queries for every market. */
const others = [
  'hangarbay query',
  'hangarbay query --count',
  'hangarbay query --search rifter',
  'hangarbay query --bpc --min-me 10 --min-te 20 --sort price',
  'hangarbay query --market-group 5 --no-flagged',
  'hangarbay query --issuer "Issuer 77" --state all',
  'hangarbay query --gone-since 2h',
];

/** Queries as typed: those of the documents, those of the help, and a few more; without pipes. */
export function questionLines(): string[] {
  const documents = ['README.md', 'docs/querying.md'].map((path) =>
    readFileSync(join(import.meta.dirname, '../..', path), 'utf8'),
  );
  const shown = [...documents.join('\n').matchAll(/^(?:\$ | {4}npx )(hangarbay query .*)$/gm)].map(
    ([, line = '']) => line,
  );
  const lines = [...shown, ...Object.values(examples).flat(), ...others];
  const questions = lines.flatMap((line) => /^hangarbay query(?! @)[^|>]*(?= [|>]|$)/.exec(line)?.[0] ?? []);
  return [...new Set(questions.filter((line) => !line.includes('--save')))];
}

/** The question of a line whose answer is JSON; a name that is remembered is an hour ago here. */
export function questionAsked(line: string): AskedQuestion {
  const [, , first = '', ...rest] = splitLine(
    line
      .trim()
      .replace('--since last', '--since 1h')
      .replace('rifter.txt', join(import.meta.dirname, 'rifter.txt')),
  ).words;
  const [contracts] = subjects;
  const named = subjects.find(({ name }) => name === first);
  const subject = named ?? contracts;
  if (subject === undefined) throw new Error('there are no subjects');
  const words = named === undefined && first !== '' ? [first, ...rest] : rest;
  const flags = flagsOf(words, subject);
  const question = questionOf(subject, flags, 'json');
  return { question, isCounted: flags.count === true };
}

/** All that the database does for an answer. @returns how many rows it has */
export async function answer({ question, isCounted }: AskedQuestion, reader: Reader): Promise<number> {
  const resolved = await resolve(question, reader);
  await freshnessOf(resolved);
  if (isCounted) return count(resolved);
  let total = 0;
  for await (const batch of rows(resolved)) total += batch.length;
  return total;
}
