import { createHash } from 'node:crypto';
import { type AnswerFacts, EsiFault, rowsPerPage } from '../../esi/answer.ts';
import { contractIdOf, parseContract } from '../../esi/routes/contract-list.ts';
import type { ListedContract, QuarantinedRow } from '../../store/records/pass.ts';
import { hasCome, type Instant, toInstant } from '../../time.ts';
import type { PageValidator } from '../../validators/validators.ts';

/** A page of a region's list, from this sweep or, with a validator, from an earlier one. */
export interface Page extends PageValidator {
  /** Whether a 304 does not say which generation it confirms. Only the full page can. */
  readonly isUndated?: boolean;
}

/** The rows of a page. */
export interface PageRows {
  readonly listed: readonly ListedContract[];
  readonly quarantined: readonly QuarantinedRow[];
}

/** A page that came with a body, and its rows. */
export function newPage(
  regionId: number,
  answer: AnswerFacts & { readonly body: unknown },
): { readonly page: Page; readonly rows: PageRows } {
  if (!Array.isArray(answer.body)) throw new EsiFault('the answer is not a list', 200);
  const rows = readRows(regionId, answer.body);
  const page = {
    ...factsOf(answer),
    contract_ids: rows.listed.map(({ contract }) => contract.contract_id),
    quarantined: rows.quarantined.map(({ backlog_key }) => backlog_key),
  };
  return { page, rows };
}

/** A page that ESI reports as unchanged. A 304 may omit headers that the page itself had. */
export function unchangedPage(known: Page | undefined, answer: AnswerFacts): Page {
  if (known === undefined) throw new EsiFault('304 to an unconditional request', 304);
  const facts = factsOf(answer);
  return {
    ...known,
    expires_at: facts.expires_at,
    etag: facts.etag ?? known.etag,
    last_modified: facts.last_modified ?? known.last_modified,
    pages: facts.pages ?? known.pages,
    isUndated: facts.last_modified === null,
  };
}

function factsOf({ etag, lastModified, expiresAt, pages }: AnswerFacts) {
  return { etag, last_modified: lastModified, expires_at: expiresAt.toISOString(), pages };
}

/** Splits a page's rows into contracts and malformed rows. A contract that occurs twice counts once. */
export function readRows(regionId: number, body: readonly unknown[]): PageRows {
  const listed = new Map<number, ListedContract>();
  const quarantined = new Map<string, QuarantinedRow>();
  for (const row of body) {
    const parsed = parseContract(row);
    if (parsed.ok) {
      if (!listed.has(parsed.value.contract_id)) listed.set(parsed.value.contract_id, { contract: parsed.value, row });
      continue;
    }
    const digest = createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 24);
    const backlog_key = `row:${regionId}:${digest}`;
    quarantined.set(backlog_key, { backlog_key, contract_id: contractIdOf(row), row, reason: parsed.reason });
  }
  return { listed: [...listed.values()], quarantined: [...quarantined.values()] };
}

/** The pages of one list by number. */
export type Pages = ReadonlyMap<number, Page>;

/** Why these pages do not form a complete list; null when they do. */
export function disagreement(known: Pages): string | null {
  const pages = withoutPagesPastEnd(known);
  const newest = newestOf(pages);
  if (newest === undefined) return 'no page answered';
  const total = totalPages(newest);
  if (total === undefined) return 'X-Pages is missing from a full page';
  if (total > 1 && newest.last_modified === null) return 'Last-Modified is missing';
  for (let number = 1; number <= total; number += 1) {
    const page = pages.get(number);
    if (page === undefined) return `page ${number} of ${total} is missing`;
    if (!isOfGeneration(page, newest)) return `page ${number} is of a different generation`;
    if (totalPages(page) !== total) return `page ${number} has a different X-Pages`;
    if (total > 1 && isEmpty(page)) return `page ${number} of ${total} is empty`;
  }
  const [shared] = sharedContracts(pages);
  return shared === undefined ? null : `contract ${shared.contract_id} is on two pages`;
}

/**
 * The numbers of the pages that must be requested for a complete list: missing, expired, or in conflict with the newest
 * page.
 */
export function pagesToAsk(pages: Pages, now: Date): number[] {
  const newest = newestOf(pages);
  if (newest === undefined) return [1];
  const total = totalPages(newest) ?? 1;
  const numbers = Array.from({ length: total }, (_, index) => index + 1);
  const wanted = numbers.filter((number) => {
    const page = pages.get(number);
    if (page === undefined || isExpired(page, now)) return true;
    return !isOfGeneration(page, newest) || totalPages(page) !== total || (total > 1 && isEmpty(page));
  });
  if (wanted.length > 0) return wanted;
  return [...new Set(sharedContracts(withoutPagesPastEnd(pages)).flatMap(({ numbers }) => numbers))];
}

/** Whether all headers of the page show the newest generation of these pages. */
export function isCurrent(page: Page, pages: Pages): boolean {
  const newest = newestOf(pages);
  return newest !== undefined && isOfGeneration(page, newest) && totalPages(page) === totalPages(newest);
}

/** Whether all pages that the newest one announces are present and not empty. */
export function areAllThere(known: Pages): boolean {
  const newest = newestOf(known);
  const total = newest && totalPages(newest);
  if (total === undefined) return false;
  const numbers = Array.from({ length: total }, (_, index) => index + 1);
  return numbers.every((number) => {
    const page = known.get(number);
    return page !== undefined && (total === 1 || (page.last_modified !== null && !isEmpty(page)));
  });
}

/** Drops pages past the end of the list as given by the newest page. A list that shrinks leaves such pages behind. */
export function withoutPagesPastEnd(pages: Pages): Pages {
  const newest = newestOf(pages);
  const total = (newest && totalPages(newest)) ?? Number.POSITIVE_INFINITY;
  return new Map([...pages].filter(([number]) => number <= total));
}

/** In a list of several pages none is empty; an empty one has lost its body in transit. */
function isEmpty({ contract_ids, quarantined }: Page): boolean {
  return contract_ids.length === 0 && quarantined.length === 0;
}

export function isExpired({ expires_at }: Page, now: Date): boolean {
  return hasCome(expires_at, now);
}

/** ESI makes the pages of one list one after another, within seconds (esi/esi-issues#1149). */
const longestMakingMilliseconds = 10_000;

/** Whether a page was made together with the newest one. ESI makes a list again after its lifetime. */
function isOfGeneration(page: Page, newest: Page): boolean {
  if (page.last_modified === newest.last_modified) return true;
  const madeAt = Date.parse(newest.last_modified ?? '');
  const lifetime = Date.parse(page.expires_at) - madeAt;
  return madeAt - Date.parse(page.last_modified ?? '') <= Math.min(longestMakingMilliseconds, lifetime / 10);
}

/** When ESI made the list, by ESI's clock; null if unknown. */
export function generatedAt(pages: Pages): Instant | null {
  const date = new Date(newestOf(pages)?.last_modified ?? '');
  return Number.isNaN(date.getTime()) ? null : toInstant(date);
}

function newestOf(pages: Pages): Page | undefined {
  const generatedAt = ({ last_modified }: Page) => Date.parse(last_modified ?? '') || 0;
  return [...pages.values()].reduce<Page | undefined>(
    (newest, page) => (newest === undefined || generatedAt(page) > generatedAt(newest) ? page : newest),
    undefined,
  );
}

/** Without X-Pages, a page that is not full is the only one. */
function totalPages(page: Page): number | undefined {
  if (page.pages !== null) return Math.max(page.pages, 1);
  return page.contract_ids.length + page.quarantined.length < rowsPerPage ? 1 : undefined;
}

/** Contracts that are on more than one page. */
export function sharedContracts(pages: Pages): { contract_id: number; numbers: number[] }[] {
  const firstOn = new Map<number, number>();
  const shared: { contract_id: number; numbers: number[] }[] = [];
  for (const [number, { contract_ids }] of pages) {
    for (const contract_id of contract_ids) {
      const first = firstOn.get(contract_id);
      if (first === undefined) firstOn.set(contract_id, number);
      else shared.push({ contract_id, numbers: [first, number] });
    }
  }
  return shared;
}
