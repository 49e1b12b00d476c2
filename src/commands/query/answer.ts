import { readConfig, type SettingName } from '../../config.ts';
import { UsageError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import {
  asOf,
  freshnessOf,
  freshnessWarning,
  isBeforeFirstSweep,
  pricesAsOf,
  type RegionFreshness,
} from '../../query/engine/freshness.ts';
import { type ResolvedQuestion, resolve } from '../../query/engine/resolve.ts';
import { count, rows } from '../../query/engine/run.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { destinationOf } from '../../query/format/destination.ts';
import type { FormatName } from '../../query/format/format.ts';
import { loadFormat } from '../../query/format/load.ts';
import { openForQueries } from '../../store/open.ts';
import { logFor, logSettings } from '../options.ts';
import { flush, OutputClosed, write } from '../output.ts';
import { aboutOf } from './about.ts';
import { openBookmark } from './bookmark.ts';
import { type Flags, questionOf } from './question.ts';
import { parseViewName, saveView } from './views.ts';

export const querySettings = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

/**
 * Writes the answer to stdout, after its notices and warnings to stderr.
 *
 * @param words the question as words of a command line, for `--save`
 */
export async function answer(subject: Subject, flags: Flags, words: readonly string[]): Promise<void> {
  const config = readConfig(querySettings, { flags, environment: process.env });
  const log = logFor(config, flags);
  const formatName = formatOf(flags);
  const question = questionOf(subject, flags, formatName);
  const view: NewView | undefined = flags.save === undefined ? undefined : { name: parseViewName(flags.save), words };
  const store = await openForQueries(config.databaseUrl);
  try {
    await store.read(async (reader) => {
      const bookmark = await openBookmark(question, reader, log);
      try {
        const resolved = await resolve(bookmark?.question ?? question, reader);
        const regions = await freshnessOf(resolved);
        const isCounted = flags.count === true;
        const end = isCounted ? undefined : await bookmark?.endOf(resolved);
        const texts = isCounted ? countText(resolved) : answerTexts(resolved, regions, words, formatName, flags, log);
        let isBegun = false;
        for await (const text of texts) {
          // Only after the first rows have arrived, so that a rejected question prints nothing.
          if (!isBegun) await begin(resolved, regions, view, log);
          isBegun = true;
          await write(process.stdout, text);
        }
        if (end === undefined) return;
        await flush(process.stdout);
        bookmark?.remember(end);
      } finally {
        bookmark?.release();
      }
    });
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  } finally {
    await store.close();
  }
}

/** A question to save. */
interface NewView {
  readonly name: string;
  readonly words: readonly string[];
}

/** Logs notices and the staleness warning, then saves the view, if any. */
async function begin(
  { notices, reader }: ResolvedQuestion,
  regions: readonly RegionFreshness[],
  view: NewView | undefined,
  log: Log,
): Promise<void> {
  for (const notice of notices) log.warn(notice);
  const warning = (await isBeforeFirstSweep(reader))
    ? 'the database is empty: no region has been swept yet. Run: hangarbay aggregate'
    : freshnessWarning(regions, reader.now);
  if (warning !== undefined) log.warn(warning);
  if (view === undefined) return;
  const isNew = await saveView(view.name, view.words);
  log.info(`${isNew ? 'saved the view' : 'replaced the view'}; run it with: hangarbay query @${view.name}`);
}

async function* countText(question: ResolvedQuestion): AsyncIterable<string> {
  yield `${await count(question)}\n`;
}

/** The answer in a format, one text per batch of rows. */
async function* answerTexts(
  question: ResolvedQuestion,
  regions: readonly RegionFreshness[],
  words: readonly string[],
  formatName: FormatName,
  flags: Flags,
  log: Log,
): AsyncIterable<string> {
  const { subject, fields, limit } = question;
  const envelope = async () => ({
    as_of: asOf(regions),
    prices_as_of: await pricesAsOf(question.reader),
    regions,
    total: await count(question),
  });
  const format = await loadFormat(formatName, {
    subject,
    fields,
    standard: flags.fields === undefined ? subject.tableFields : [],
    ...destinationOf(process.stdout),
    exact: flags.exact === true,
    hasChart: flags.chart !== false,
    isHeadless: flags.header === false,
    hasByteOrderMark: flags.bom === true,
    envelope: flags.envelope === true ? await envelope() : undefined,
    about: formatName === 'html' ? await aboutOf(question, regions, words) : undefined,
  });
  // With the default limit, one row more is requested to detect that there are more.
  const isLimitTyped = limit === 0 || (flags.limit !== undefined && formatName !== 'html');
  let left = isLimitTyped ? Number.POSITIVE_INFINITY : limit;
  let before = format.begin();
  for await (const batch of rows(isLimitTyped ? question : { ...question, limit: limit + 1 })) {
    const shown = batch.slice(0, left);
    left -= batch.length;
    if (shown.length === 0) continue;
    yield before + format.rows(shown);
    before = '';
  }
  yield before + format.end(left < 0);
  if (left < 0 && flags.limit === undefined) log.info(`showing the first ${limit} rows; use --limit 0 for all`);
}

/** Formats with a header line. */
const withHeader: readonly FormatName[] = ['table', 'csv', 'tsv', 'markdown'];

/** @throws {UsageError} when a flag belongs to another format */
function formatOf(flags: Flags): FormatName {
  const name = formatNamed(flags);
  if (flags.header === false && !withHeader.includes(name)) {
    throw new UsageError(`--no-header works with ${withHeader.join(', ')}; ${name} has no header`);
  }
  if (flags.bom === true && name !== 'csv') throw new UsageError(`--bom works with --format csv, not with ${name}`);
  return name;
}

function formatNamed({ format, envelope, count }: Flags): FormatName {
  if (envelope !== true) return format ?? (process.stdout.isTTY ? 'table' : 'json');
  if (count === true) throw new UsageError('--envelope has the count as "total"; omit --count');
  if (format !== undefined && format !== 'json') {
    throw new UsageError(`--envelope requires JSON; omit --format ${format}`);
  }
  return 'json';
}
