import { UsageError } from '../../errors.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { subjects } from '../../query/subjects/subjects.ts';
import { type Flags, flagsOf } from '../query/question.ts';
import { savedQuestion } from '../query/saved-question.ts';
import { isViewName, readViews } from '../query/views.ts';

/** A page of the site with the answer to a question. */
export interface Page {
  /** Its file name in the site's folder. */
  readonly file: string;
  readonly title: string;
  readonly subject: Subject;
  readonly flags: Flags;
  /** The question as words of a command line: the subject, then flags. */
  readonly words: readonly string[];
}

/** Maximum of rows on a page whose question has no limit. */
const defaultRows = '1000';

/** The page of a question, given as words of a command line. */
export function pageOf(file: string, title: string, words: readonly string[]): Page {
  const [subjectName = '', ...flagWords] = words;
  const subject = subjects.find(({ name }) => name === subjectName);
  if (subject === undefined) throw new Error(`unknown subject ${subjectName}`);
  return { file, title, subject, flags: flagsOf(flagWords, subject), words };
}

/** The pages of every site. No prices, because these need an item. */
export function standardPages(): Page[] {
  return [
    pageOf('ships.html', 'Ships', ['ships', '--limit', '0']),
    pageOf('blueprints.html', 'Blueprints', ['blueprints', '--limit', defaultRows]),
    pageOf('couriers.html', 'Couriers', ['couriers', '--limit', defaultRows]),
  ];
}

/** The page of prices of an item, by day. */
export function pricesPage(item: string): Page {
  const name = item
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (name === '') throw new UsageError(`--prices: "${item}" is not the name of an item; for example --prices Rifter`);
  return pageOf(`prices-${name}.html`, `Prices of ${item}`, ['prices', '--item', item, '--by', 'day', '--limit', '0']);
}

/**
 * The page of a saved view.
 *
 * @param name with its @
 * @throws {UsageError} when no such view is saved, or a page cannot show it
 */
export function viewPage(name: string): Page {
  const { subject, flags, words } = savedQuestion(name);
  const since = [flags.since ?? []].flat().map(String);
  if (since.some((when) => /^last\b/i.test(when.trim()))) {
    throw new UsageError(
      `${name} uses --since last, which returns each change only once; a page needs --since 1d or the like`,
    );
  }
  const limited =
    flags.limit === undefined
      ? { flags: { ...flags, limit: defaultRows }, words: [...words, '--limit', defaultRows] }
      : { flags, words };
  return { file: `view-${name.slice(1)}.html`, title: name, subject, ...limited };
}

/** The names of all saved views with valid names, sorted. */
export function viewNames(): string[] {
  return [...readViews().keys()]
    .filter(isViewName)
    .toSorted()
    .map((name) => `@${name}`);
}
