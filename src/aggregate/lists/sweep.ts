import pMap from 'p-map';
import { messageOf } from '../../errors.ts';
import { EsiFault, type RequestTally } from '../../esi/answer.ts';
import type { EsiClient } from '../../esi/client.ts';
import { contractListPath, isPastEnd } from '../../esi/routes/contract-list.ts';
import type { SweepOutcome } from '../../store/records/pass.ts';
import type { Clock } from '../../time.ts';
import { type Absence, absenceIn, wholeList } from './absence.ts';
import {
  areAllThere,
  disagreement,
  isExpired,
  newPage,
  type PageRows,
  type Pages,
  pagesToAsk,
  unchangedPage,
  withoutPagesPastEnd,
} from './page.ts';

export interface SweepContext {
  readonly esi: Pick<EsiClient, 'request' | 'urlOf' | 'wait'>;
  readonly now: Clock;
  /** Called with the rows of each page that comes with a body, so that no list is held in memory as a whole. */
  readonly takeIn: (rows: PageRows) => Promise<void>;
}

/** All pages of one region's list, and whether they are complete. */
export interface Sweep {
  readonly region_id: number;
  readonly outcome: Exclude<SweepOutcome, 'not_reached' | 'doubtful'>;
  readonly pages: Pages;
  /** Numbers of the pages that were answered in this sweep; the others come from earlier ones. */
  readonly answered: ReadonlySet<number>;
  readonly tally: RequestTally;
  /** Whether a contract has left the list; null when the sweep cannot decide this. */
  readonly isAbsent: Absence;
  /** What is wrong with the list; for a complete sweep, a flaw that persisted. */
  readonly problem: string | null;
  /** Whether ESI refused the list: it knows no such region. */
  readonly isRefused: boolean;
}

/** Repetitions for a list whose pages do not fit together. Each requests only the pages that do not fit. */
const repetitions = 2;
const pauseMilliseconds = 1_000;
/** Pages that are fetched around an expiry are of two generations, so the sweep waits for an expiry this near. */
const nearExpiryMilliseconds = 5_000;
/** Margin after the expiry, so that a clock slightly ahead of the server's does not get the old generation. */
const afterExpiryMilliseconds = 500;
/** Pages of one list in flight. Each takes about 2 MB until it is stored, and the database may be slower than ESI. */
const pagesAtOnce = 8;

/**
 * Sweeps a region. A list that has not expired is not requested; an expired page is requested with its validator. The
 * sweep is complete when all pages are of one generation, carry the same X-Pages, and no contract is on two pages. If a
 * flaw persists through the repetitions, only the contracts that the pages disagree on stay undecided.
 *
 * @param held the pages that earlier sweeps stored
 * @throws {StopError} when the pass ends early
 */
export async function sweepRegion(regionId: number, held: Pages, { esi, now, takeIn }: SweepContext): Promise<Sweep> {
  const path = contractListPath(regionId);
  const tally: RequestTally = { total: 0, not_modified: 0, errors: 0 };
  const pages = new Map(held);
  const answered = new Set<number>();
  const sweep = { region_id: regionId, pages, answered, tally, isAbsent: null, problem: null, isRefused: false };
  let shrunk = false;
  let isRefused = false;

  /** @returns what is wrong with the page; undefined when nothing is */
  async function requestPage(number: number): Promise<string | undefined> {
    const known = pages.get(number);
    pages.delete(number);
    try {
      const etag = known === undefined || known.isUndated ? null : known.etag;
      const answer = await esi.request(path, { page: number, etag, tally });
      if (answer.kind === 'refused') {
        shrunk ||= isPastEnd(answer, number);
        isRefused ||= number === 1;
        return `page ${number}: ${answer.status} ${answer.reason}`;
      }
      if (answer.kind === 'ok') {
        const { page, rows } = newPage(regionId, answer);
        await takeIn(rows);
        pages.set(number, page);
      } else {
        pages.set(number, unchangedPage(known, answer));
      }
      answered.add(number);
      return undefined;
    } catch (error) {
      if (error instanceof EsiFault) return `page ${number}: ${messageOf(error)}`;
      throw error;
    }
  }

  /** Page 1 has the number of pages. If the list is about to expire, page 1 is requested once more after that. */
  async function requestFirst(): Promise<string | undefined> {
    const failure = await requestPage(1);
    const page = pages.get(1);
    if (page === undefined || (page.pages ?? 1) === 1) return failure;
    const lifetime = Date.parse(page.expires_at) - now().getTime();
    if (lifetime <= 0 || lifetime > nearExpiryMilliseconds) return failure;
    await esi.wait(lifetime + afterExpiryMilliseconds);
    return requestPage(1);
  }

  const isUnexpired = [...pages.values()].some((page) => !isExpired(page, now()));
  const flaw = disagreement(pages);
  if (isUnexpired && (flaw === null || flaw === knownFlaw(pages))) return { ...sweep, outcome: 'fresh' };

  for (let repetition = 0; ; repetition += 1) {
    const failures: (string | undefined)[] = [];
    // A page past the end means that page 1 is out of date.
    if (shrunk || pagesToAsk(pages, now()).includes(1))
      failures.push(await (repetition === 0 ? requestFirst() : requestPage(1)));
    shrunk = false;
    const others = pagesToAsk(pages, now()).filter((number) => number > 1);
    failures.push(...(await pMap(others, requestPage, { concurrency: pagesAtOnce })));

    const problem = disagreement(pages);
    if (problem === null) {
      return { ...sweep, pages: withoutPagesPastEnd(pages), outcome: 'complete', isAbsent: wholeList };
    }
    const failed = failures.filter((failure) => failure !== undefined);
    // Failed requests have been retried already. Only pages that do not fit together are worth a repetition.
    if (repetition === repetitions || (failed.length > 0 && !shrunk)) {
      const narrowed = failed.length === 0 ? narrowedDown(pages, problem) : undefined;
      if (narrowed !== undefined) return { ...sweep, ...narrowed };
      const outcome = pages.size === 0 ? 'failed' : 'inconclusive';
      return { ...sweep, outcome, isRefused, problem: failed.length > 0 ? failed.slice(0, 3).join('; ') : problem };
    }
    await esi.wait(pauseMilliseconds * (repetition + 1));
  }
}

/**
 * Accepts a list whose flaw persists as far as its pages agree; it is not requested again before it expires.
 *
 * @returns undefined if the pages agree on nothing
 */
function narrowedDown(known: Pages, flaw: string): (Partial<Sweep> & Pick<Sweep, 'outcome'>) | undefined {
  const isAbsent = areAllThere(known) ? absenceIn(known) : null;
  if (isAbsent === null) return undefined;
  const pages = new Map([...known].map(([number, page]) => [number, { ...page, flaw }]));
  return { outcome: 'complete', pages, answered: new Set(pages.keys()), isAbsent, problem: flaw };
}

/** The flaw with which an earlier sweep accepted these pages; null unless all pages have it. */
function knownFlaw(pages: Pages): string | null {
  const [flaw = null, ...others] = new Set([...pages.values()].map((page) => page.flaw ?? null));
  return others.length === 0 ? flaw : null;
}
