import { asOf, freshnessOf, freshnessWarning, pricesAsOf } from '../../query/engine/freshness.ts';
import { resolve } from '../../query/engine/resolve.ts';
import { rows } from '../../query/engine/run.ts';
import type { OutputRow } from '../../query/engine/subject.ts';
import { aboutSection } from '../../query/format/html/about.ts';
import { htmlTable } from '../../query/format/html/html.ts';
import { shortNumber, text } from '../../query/format/html/markup.ts';
import { pageEnd, pageStart } from '../../query/format/html/page.ts';
import { type RecentChange, recentChanges } from '../../query/status/recent-changes.ts';
import { contracts } from '../../query/subjects/contracts.ts';
import type { Reader } from '../../store/reader.ts';
import { instantAfter } from '../../time.ts';
import { shellQuoted } from '../completion/shell-words.ts';
import { questionOf } from '../query/question.ts';
import { pageOf } from './pages.ts';

/** A page linked from the front page. */
export interface Listed {
  readonly file: string;
  readonly title: string;
  readonly rows: number;
}

const day = 86_400_000;
const regionFields = 'name,contracts_listed,last_complete_sweep_at,last_sweep_outcome';
/** Rows per table of the front page. */
const fewRows = 25;
/** Maximum of the day's contracts that are searched for odd ones. */
const maxSearched = 5_000;

/**
 * The front page: links to the other pages, recent changes, contracts below their value, odd contracts, and freshness.
 */
export async function frontPage(pages: readonly Listed[], reader: Reader): Promise<string> {
  const regions = await freshnessOf({ subject: contracts, regions: undefined, reader });
  const warning = freshnessWarning(regions, reader.now);
  const since = instantAfter(new Date(reader.now), -day);
  const shown = contracts.tableFields.filter((field) => field !== 'item_count').join(',');
  const sections = [
    `<h2>Pages</h2>\n<ul class="pages">\n${pages.map(pageItem).join('')}</ul>\n`,
    `<h2>Changes of the last 24 hours</h2>\n<p>${text(changesText(await recentChanges(reader, since)))}</p>\n`,
    await section(['changes', '--since', since, '--sort', 'cursor', '--desc'], reader),
    '<h2>Priced below value</h2>\n',
    await section(
      [
        'contracts',
        '--priced',
        '--min-margin',
        '1',
        '--sort',
        'margin',
        '--desc',
        '--fields',
        `${shown},estimated_value,margin`,
      ],
      reader,
    ),
    '<h2>Odd contracts of the day</h2>\n',
    // SQL alone cannot find them.
    await section(['contracts', '--new-since', since, '--flags', '--fields', `${shown},flags`], reader, {
      limit: maxSearched,
      isShown: ({ flags }) => (flags as readonly string[]).length > 0,
    }),
    '<h2>Regions</h2>\n',
    await section(['regions', '--sort', 'contracts_listed', '--desc', '--fields', regionFields], reader, {
      limit: 0,
      most: Number.POSITIVE_INFINITY,
      isShown: ({ last_sweep_outcome }) => last_sweep_outcome !== null,
    }),
  ];
  const about = {
    title: 'Public contracts',
    asOf: asOf(regions),
    pricesAsOf: await pricesAsOf(reader),
    // Shown below, for all regions.
    regions: [],
    notices: warning === undefined ? [] : [warning],
  };
  return `${pageStart(about.title)}${aboutSection(about)}<main class="front">\n${sections.join('')}</main>\n${pageEnd()}`;
}

const pageItem = ({ file, title, rows }: Listed) =>
  `<li><a href="${text(encodeURIComponent(file))}">${text(title)}</a> <span class="count">${shortNumber(rows)} ${rows === 1 ? 'row' : 'rows'}</span></li>\n`;

/** As a sentence: `120 appeared; 90 gone (30 sold, 60 expired)`. */
function changesText(changes: readonly RecentChange[]): string {
  const of = (kind: string) => changes.filter(({ change }) => change === kind);
  const sum = (kind: string) => of(kind).reduce((total, { contracts }) => total + contracts, 0);
  const outcomes = of('gone').map(
    ({ outcome, contracts }) => `${shortNumber(contracts)} ${(outcome ?? 'unknown').replaceAll('_', ' ')}`,
  );
  const others: readonly (readonly [string, string])[] = [
    ['returned', 'returned'],
    ['bid', 'got bids'],
    ['extended', 'extended'],
    ['moved', 'moved to another region'],
    ['differs', 'listed differently'],
  ];
  return [
    `${shortNumber(sum('appeared'))} contracts appeared`,
    `${shortNumber(sum('gone'))} gone${outcomes.length === 0 ? '' : ` (${outcomes.join(', ')})`}`,
    ...others.flatMap(([kind, words]) => (sum(kind) === 0 ? [] : [`${shortNumber(sum(kind))} ${words}`])),
  ].join('; ');
}

interface Section {
  /** Maximum of contracts, or of rows of the subject, to search. */
  readonly limit?: number;
  readonly most?: number;
  readonly isShown?: (row: OutputRow) => boolean;
}

/** The answer to a question as a table of a few rows, below the question. */
async function section(
  words: readonly string[],
  reader: Reader,
  { limit = fewRows, most = fewRows, isShown = () => true }: Section = {},
): Promise<string> {
  const { subject, flags } = pageOf('', '', [...words, '--limit', String(limit)]);
  const question = await resolve(questionOf(subject, flags, 'html'), reader);
  const format = htmlTable(question);
  const found: OutputRow[] = [];
  for await (const batch of rows(question)) {
    found.push(...batch.filter(isShown).slice(0, most - found.length));
    if (found.length === most) break;
  }
  const asked = `hangarbay query ${words.map(shellQuoted).join(' ')}`;
  return `<p class="question"><code>${text(asked)}</code></p>\n${format.begin()}${format.rows(found)}${format.end()}`;
}
