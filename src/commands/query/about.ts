import { asOf, freshnessWarning, pricesAsOf, type RegionFreshness } from '../../query/engine/freshness.ts';
import type { ResolvedQuestion } from '../../query/engine/resolve.ts';
import type { About } from '../../query/format/format.ts';
import { shellQuoted } from '../completion/shell-words.ts';

/** Words of a command line that concern the output, not the question. */
const outputWords = ['--format', 'html'];

/**
 * The heading of a page with the answer to a question.
 *
 * @param words the question as words of a command line: the subject, then flags
 */
export async function aboutOf(
  { subject, notices, reader }: ResolvedQuestion,
  regions: readonly RegionFreshness[],
  words: readonly string[],
  title = subject.name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase()),
): Promise<About> {
  const warning = freshnessWarning(regions, reader.now);
  const isOutput = (word: string, index: number) =>
    word === outputWords[0] || (word === outputWords[1] && words[index - 1] === outputWords[0]);
  const asked = words.filter((word, index) => !isOutput(word, index));
  return {
    title,
    question: ['hangarbay', 'query', ...asked.map(shellQuoted)].join(' '),
    asOf: asOf(regions),
    pricesAsOf: subject.contract === undefined ? null : await pricesAsOf(reader),
    regions,
    notices: [...notices, ...(warning === undefined ? [] : [warning])],
  };
}
