import { freshnessOf } from '../../query/engine/freshness.ts';
import { type Question, resolve } from '../../query/engine/resolve.ts';
import { rows } from '../../query/engine/run.ts';
import { loadFormat } from '../../query/format/load.ts';
import type { Reader } from '../../store/reader.ts';
import { aboutOf } from '../query/about.ts';
import { questionOf } from '../query/question.ts';
import type { Page } from './pages.ts';

/** Maximum of rows on any page: pages are for people. */
const maxRows = 20_000;

/** The text of a page, and its number of rows. */
export interface PageText {
  readonly text: string;
  readonly rows: number;
}

/** Answers the question of a page as HTML. */
export async function pageText({ subject, flags, words, title }: Page, reader: Reader): Promise<PageText> {
  const question = questionOf(subject, flags, 'html');
  const limit = question.limit === 0 ? maxRows : Math.min(question.limit, maxRows);
  const resolved = await resolve({ ...question, limit: limit + 1 } satisfies Question, reader);
  const about = await aboutOf(resolved, await freshnessOf(resolved), words, title);
  const format = await loadFormat('html', {
    subject: resolved.subject,
    fields: resolved.fields,
    color: false,
    about: { ...about, home: 'index.html' },
  });
  const parts = [format.begin()];
  let left = limit;
  for await (const batch of rows(resolved)) {
    parts.push(format.rows(batch.slice(0, Math.max(0, left))));
    left -= batch.length;
  }
  parts.push(format.end(left < 0));
  return { text: parts.join(''), rows: limit - Math.max(0, left) };
}
