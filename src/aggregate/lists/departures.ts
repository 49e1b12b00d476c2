import type { Store } from '../../store/store.ts';
import { type Clock, instantAfter, toInstant } from '../../time.ts';
import type { RegionRow, SeenList } from './region.ts';

/** A region that fails for longer than this no longer delays the others. */
const longestHoldMilliseconds = 2 * 60 * 60_000;

export interface DeparturesContext {
  readonly run_id: string;
  readonly store: Pick<Store, 'departed' | 'settleDepartures'>;
  readonly now: Clock;
}

/**
 * Ends the sweeps of a pass. A contract that its region no longer lists is gone only if no other list of the pass shows
 * it: when a system moves to another region, its contracts move with it. While the pass has an incomplete list,
 * contracts that left together with all others of their location are held for a later pass, for two hours at most. If
 * several lists show a contract, the newest list decides its region.
 *
 * @param rows the regions' rows in the ledger; the counts of gone contracts are added to them
 * @returns the number of contracts that have moved
 */
export async function settleDepartures(
  lists: readonly SeenList[],
  rows: ReadonlyMap<number, RegionRow>,
  { run_id, store, now }: DeparturesContext,
): Promise<number> {
  const region_ids = [...rows.keys()];
  const candidates = new Set([
    ...(await store.departed(region_ids)),
    ...lists.flatMap(({ storedElsewhere }) => storedElsewhere),
  ]);
  const moves = [...candidates].flatMap((contract_id) => {
    const [newest] = lists.filter(({ contract_ids }) => contract_ids.has(contract_id)).toSorted(newestFirst);
    return newest === undefined ? [] : [{ contract_id, region_id: newest.region_id }];
  });
  const at = toInstant(now());
  const isAllKnown = rows.size === lists.length && lists.every(({ isWhole }) => isWhole);
  const generated_until = isAllKnown ? null : instantAfter(now(), -longestHoldMilliseconds);
  const { gone, moved } = await store.settleDepartures({ run_id, at, region_ids, moves, generated_until });
  for (const { region_id } of gone) {
    const row = rows.get(region_id);
    if (row !== undefined) row.gone += 1;
  }
  return moved;
}

/** Instants sort as text; a list without a date counts as oldest. */
const newestFirst = (a: SeenList, b: SeenList) => ((a.generated_at ?? '') > (b.generated_at ?? '') ? -1 : 1);
