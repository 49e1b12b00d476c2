import { type Command, Option } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { HangarbayError, messageOf, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Log } from '../../log.ts';
import { isBeforeFirstSweep } from '../../query/engine/freshness.ts';
import { lastPassEnd } from '../../query/status/recent-changes.ts';
import { openForQueries } from '../../store/open.ts';
import type { Reader } from '../../store/reader.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, gathered, logFor, logSettings } from '../options.ts';
import { showLine } from '../progress.ts';
import { summaries } from '../summaries.ts';
import { frontPage, type Listed } from './front-page.ts';
import { pageText } from './page-text.ts';
import { type Page, pricesPage, standardPages, viewNames, viewPage } from './pages.ts';
import { openNewSite } from './swap.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

interface ReportFlags extends CommonFlags {
  readonly out: string;
  readonly prices?: readonly string[];
  readonly json?: true;
}

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary(summaries.report)
    .description(
      'Writes a static web site: a front page, pages of ships, blueprints and couriers, and a page per saved view. If views\n' +
        'are given, only these saved views are included. Replaces FOLDER atomically. The site shows the state at the end of\n' +
        'the last pass.',
    )
    .argument('[views...]', 'saved views to include, each with its @ (default: all)')
    .addOption(
      new Option(
        '--out <folder>',
        'where to put the site: a symbolic link to a folder next to it',
      ).makeOptionMandatory(),
    )
    .option('--prices <item>', "add a page of this item's prices by day; repeatable", gathered)
    .option('--json', 'print one JSON object on stdout');
  addExamples(command, 'report');
  addSettings(command, names).action(report);
}

async function report(views: readonly string[], flags: ReportFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  let current = '';
  const display = await showLine(() => `writing ${current}`);
  const log = logFor(config, flags, display.clear);
  const pages = [...standardPages(), ...uniquePrices(flags.prices ?? []), ...viewPages(views, log)];
  const store = await openForQueries(config.databaseUrl);
  try {
    // The same database gives the same pages at any time.
    const now = await store.read(lastPassEnd);
    const site = await openNewSite(flags.out);
    try {
      display.start();
      const listed = await store.read(async (reader) => {
        if (await isBeforeFirstSweep(reader))
          log.warn('the pages are empty: no region has been swept yet. Run: hangarbay aggregate');
        const written: (Listed & { readonly bytes: number })[] = [];
        const add = (file: string, title: string, text: string, rows: number) => {
          site.add(file, text);
          written.push({ file, title, rows, bytes: Buffer.byteLength(text) });
        };
        for (const page of pages) {
          current = page.file;
          const answer = await answerOf(page, views, reader, log);
          if (answer !== undefined) add(page.file, page.title, answer.text, answer.rows);
        }
        current = 'index.html';
        add(current, 'Public contracts', await frontPage(written, reader), 0);
        return written;
      }, now ?? undefined);
      site.swapIn();
      display.stop();
      log.info(`wrote ${listed.length} pages to ${flags.out}`);
      if (flags.json !== true) return;
      const written = listed.map(({ file, rows, bytes }) => ({ file, rows, bytes }));
      process.stdout.write(`${JSON.stringify({ out: flags.out, as_of: now, pages: written })}\n`);
    } finally {
      site.close();
    }
  } catch (error) {
    throw ofFiles(error, flags.out);
  } finally {
    display.stop();
    await store.close();
  }
}

/** A repeated item has one page. */
function uniquePrices(items: readonly string[]): Page[] {
  return [...new Map(items.map(pricesPage).map((page) => [page.file, page])).values()];
}

/** The named views, or all views that a page can show. */
function viewPages(named: readonly string[], log: Log): Page[] {
  for (const name of named) {
    if (!name.startsWith('@'))
      throw new UsageError(`"${name}" is not the name of a view; views begin with @, for example @cheap-ships`);
  }
  if (named.length > 0) return [...new Set(named)].map(viewPage);
  return viewNames().flatMap((name) => {
    try {
      return [viewPage(name)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      log.warn(`skipped ${name}: ${error.message}`);
      return [];
    }
  });
}

/** A page with an invalid question is skipped unless it was named explicitly. */
async function answerOf(page: Page, named: readonly string[], reader: Reader, log: Log) {
  try {
    return await pageText(page, reader);
  } catch (error) {
    if (error instanceof UsageError && page.subject.name === 'prices' && !page.title.startsWith('@')) {
      throw new UsageError(error.message.replace('--item', '--prices'), { cause: error });
    }
    if (!(error instanceof UsageError) || named.includes(page.title) || !page.title.startsWith('@')) throw error;
    log.warn(`skipped ${page.title}: ${error.message}`);
    return undefined;
  }
}

/** Adds the folder to errors of the file system; other errors stay unchanged. */
function ofFiles(error: unknown, out: string): unknown {
  if (error instanceof HangarbayError || (error as NodeJS.ErrnoException).syscall === undefined) return error;
  return new HangarbayError(`cannot write the site to ${out}: ${messageOf(error)}`, exitCodes.failure, {
    cause: error,
  });
}
