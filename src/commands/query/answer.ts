import { readConfig, type SettingName } from '../../config.ts';
import { UsageError } from '../../errors.ts';
import { asOf, freshnessOf, freshnessWarning, isBeforeFirstSweep } from '../../query/engine/freshness.ts';
import { count, fieldsOf, rows } from '../../query/engine/run.ts';
import type { Question } from '../../query/engine/source.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { destinationOf } from '../../query/format/destination.ts';
import { type FormatName, loadFormat } from '../../query/format/format.ts';
import { openForQuestions } from '../../store/open.ts';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { logFor, logSettings } from '../options.ts';
import { openBookmark } from './bookmark.ts';
import { flush, OutputClosed, write } from './output.ts';
import { type Flags, questionOf } from './question.ts';
import { parseViewName, saveView } from './views.ts';

export const querySettings = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

/**
 * Answers a question on stdout; what to know about the answer is told on stderr before it.
 *
 * @param words the question as words of a command line, for `--save`
 */
export async function answer(subject: Subject, flags: Flags, words: readonly string[], now: Instant): Promise<void> {
  const config = readConfig(querySettings, { flags, environment: process.env });
  const log = logFor(config, flags);
  const formatName = formatOf(flags);
  const notices = new Set<string>();
  const question = { ...questionOf(subject, flags, formatName), notices };
  const viewName = flags.save === undefined ? undefined : parseViewName(String(flags.save));
  const store = await openForQuestions(config.databaseUrl);
  try {
    await store.read(async (reader) => {
      const regions = await freshnessOf(question, reader, now);
      const warning = (await isBeforeFirstSweep(reader))
        ? 'no region was ever swept, so there is nothing to find. Run: hangarbay aggregate'
        : freshnessWarning(regions, now);
      const bookmark = await openBookmark(question, reader, now, log);
      const asked = bookmark?.question ?? question;
      const texts = flags.count === true ? counted(asked, reader, now) : written();
      // Nothing is written before the first rows are there, so that a refused question leaves no half answer.
      let begun = false;
      try {
        for await (const text of texts) {
          if (!begun) await tell(warning);
          begun = true;
          await write(process.stdout, text);
        }
        if (bookmark !== undefined && flags.count !== true) {
          await flush(process.stdout);
          bookmark.remember();
        }
      } finally {
        bookmark?.release();
      }

      async function tell(warning: string | undefined): Promise<void> {
        for (const notice of notices) log.warn(notice);
        if (warning !== undefined) log.warn(warning);
        if (viewName === undefined) return;
        const isNew = await saveView(viewName, words);
        log.info(`${isNew ? 'saved' : 'replaced the view'}; ask again with: hangarbay query @${viewName}`);
      }

      async function* written(): AsyncIterable<string> {
        const total = async () => ({ as_of: asOf(regions), regions, total: await count(asked, reader, now) });
        const format = await loadFormat(formatName, {
          subject: asked.subject,
          fields: fieldsOf(asked),
          standard: flags.fields === undefined ? asked.subject.tableFields : [],
          ...destinationOf(process.stdout),
          exact: flags.exact === true,
          isHeadless: flags.header === false,
          hasByteOrderMark: flags.bom === true,
          envelope: flags.envelope === true ? await total() : undefined,
        });
        // Who typed a limit knows that there may be more; for others a row more is asked for, to tell them.
        const isLimitTyped = flags.limit !== undefined || asked.limit === 0;
        let left = isLimitTyped ? Number.POSITIVE_INFINITY : asked.limit;
        let before = format.begin();
        for await (const batch of rows(isLimitTyped ? asked : { ...asked, limit: asked.limit + 1 }, reader, now)) {
          const shown = batch.slice(0, left);
          left -= batch.length;
          if (shown.length === 0) continue;
          yield before + format.rows(shown);
          before = '';
        }
        yield before + format.end();
        if (left < 0) log.info(`${asked.limit} rows shown, there are more; --limit 0 for all`);
      }
    });
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  } finally {
    await store.close();
  }
}

async function* counted(question: Question, reader: Reader, now: Instant): AsyncIterable<string> {
  yield `${await count(question, reader, now)}\n`;
}

/** Formats that have a line of names. */
const withHeader: readonly FormatName[] = ['table', 'csv', 'tsv', 'markdown'];

/** @throws {UsageError} when a flag is about another format */
function formatOf(flags: Flags): FormatName {
  const name = formatNamed(flags);
  if (flags.header === false && !withHeader.includes(name)) {
    throw new UsageError(`--no-header is for ${withHeader.join(', ')}; ${name} has no header`);
  }
  if (flags.bom === true && name !== 'csv') throw new UsageError(`--bom is for --format csv, not for ${name}`);
  return name;
}

function formatNamed({ format, envelope, count }: Flags): FormatName {
  if (envelope !== true) return (format as FormatName | undefined) ?? (process.stdout.isTTY ? 'table' : 'json');
  if (count === true) throw new UsageError('--envelope has the count as "total"; leave out --count');
  if (format !== undefined && format !== 'json') {
    throw new UsageError(`--envelope goes around JSON; leave out --format ${format}`);
  }
  return 'json';
}
