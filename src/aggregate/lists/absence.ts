import type { SweepRecord } from '../../store/records/pass.ts';
import { isCurrent, type Page, type Pages, sharedContracts, withoutPagesPastEnd } from './page.ts';

/** Whether a contract that is on no page has left the list; null when the sweep cannot decide this for any contract. */
export type Absence = SweepRecord['isAbsent'];

/** For a complete list: every contract that is on no page has left. */
export const wholeList: Absence = () => true;

/** The range of contract ids that belong on a page: lists are sorted by id. */
interface Span {
  readonly first: number;
  readonly last: number;
  /** Whether the page belongs to the newest generation. */
  readonly isCurrent: boolean;
}

/**
 * Decides which contracts have left a list whose flaw persists through all repetitions. If all pages are of one
 * generation and the only flaw is a contract on two of them, the pages agree on every contract that is on none. If a
 * page is of an older generation, a contract has left when its id lies in the range of newer pages and outside the
 * range of the older one; inside that range, it may have moved to a position that the older page does not show.
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
      // An unsorted page can hold any id, so it proves no absence.
      spans.push({ first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY, isCurrent: false });
      reached = undefined;
      continue;
    }
    const isNew = isCurrent(page, pages);
    const [lowest = Number.POSITIVE_INFINITY] = ids;
    const highest = ids.at(-1) ?? Number.NEGATIVE_INFINITY;
    spans.push({
      // An id between two pages of one generation would be on one of them if it were listed.
      first: isNew && reached !== undefined ? Math.min(reached, lowest) : lowest,
      last: isNew && number === total ? Number.POSITIVE_INFINITY : highest,
      isCurrent: isNew,
    });
    reached = isNew ? highest : undefined;
  }
  return spans;
}

/** A page's contracts without those that are also on another page; undefined if they are not sorted. */
function sortedIds({ contract_ids }: Page, shared: ReadonlySet<number>): number[] | undefined {
  const ids = contract_ids.filter((id) => !shared.has(id));
  return ids.every((id, place) => place === 0 || id > (ids[place - 1] ?? 0)) ? ids : undefined;
}
