import type { SweepRecord } from '../../store/records/pass.ts';
import { isCurrent, type Page, type Pages, sharedContracts, withoutPagesPastEnd } from './page.ts';

/** Whether a contract that no page shows has left the list; null where nothing can be said of any. */
export type Absence = SweepRecord['isAbsent'];

/** What a whole list does not show has left. */
export const wholeList: Absence = () => true;

/** The contract ids that a page would show if they were listed: lists are sorted by id. */
interface Span {
  readonly first: number;
  readonly last: number;
  /** Whether the page is of the newest generation. */
  readonly isCurrent: boolean;
}

/**
 * What can be believed of a list whose flaw stays through all repetitions. Where all pages are of one generation and
 * only a contract is on two of them, they agree on what is on none. Where a page keeps to an older generation, a
 * contract has left if its id lies among those of newer pages, and not among those of the older one: there it may have
 * moved to a place that the older page does not show.
 */
export function absenceIn(known: Pages): Absence {
  const pages = withoutPagesPastEnd(known);
  if ([...pages.values()].every((page) => isCurrent(page, pages))) return wholeList;
  const spans = spansOf(pages);
  if (!spans.some((span) => span.isCurrent)) return null;
  return (contract_id) => {
    if (contract_id === null) return false;
    const covering = spans.filter(({ first, last }) => first <= contract_id && contract_id <= last);
    return covering.length > 0 && covering.every((span) => span.isCurrent);
  };
}

function spansOf(pages: Pages): Span[] {
  const shared = new Set(sharedContracts(pages).map(({ contract_id }) => contract_id));
  const total = Math.max(...pages.keys());
  const spans: Span[] = [];
  let reached: number | undefined = Number.NEGATIVE_INFINITY;
  for (let number = 1; number <= total; number += 1) {
    const page = pages.get(number);
    const ids = page === undefined ? undefined : sortedIds(page, shared);
    if (page === undefined || ids === undefined) {
      // Not sorted: it may hold anything, and says nothing of what it does not hold.
      spans.push({ first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY, isCurrent: false });
      reached = undefined;
      continue;
    }
    const isNew = isCurrent(page, pages);
    const [lowest = Number.POSITIVE_INFINITY] = ids;
    const highest = ids.at(-1) ?? Number.NEGATIVE_INFINITY;
    spans.push({
      // What lies between two pages of one generation is on neither.
      first: isNew && reached !== undefined ? Math.min(reached, lowest) : lowest,
      last: isNew && number === total ? Number.POSITIVE_INFINITY : highest,
      isCurrent: isNew,
    });
    reached = isNew ? highest : undefined;
  }
  return spans;
}

/** A page's contracts without those that are on another page, too; undefined unless they are sorted. */
function sortedIds({ contract_ids }: Page, shared: ReadonlySet<number>): number[] | undefined {
  const ids = contract_ids.filter((id) => !shared.has(id));
  return ids.every((id, place) => place === 0 || id > (ids[place - 1] ?? 0)) ? ids : undefined;
}
