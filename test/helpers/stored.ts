import type { Item } from '../../src/eve/contract.ts';
import type { PageResult, SweepCounts, SweepResult } from '../../src/store/records/pass.ts';
import type { Store } from '../../src/store/store.ts';
import { domain, forge, itemOf, itemRow, type ListedSweep, type listed, sweepOf } from './esi-rows.ts';

/** Takes contracts in from a sweep and stores each with its items, one item if nothing is said. */
export async function storeListed(
  store: Store,
  at: string,
  contracts: readonly ReturnType<typeof listed>[],
  items: readonly Item[] = [itemOf(itemRow())],
): Promise<void> {
  await recordAlone(store, sweepOf(at, contracts));
  const seen = { region_id: forge, first_seen_at: at, last_seen_at: at };
  await Promise.all(
    contracts.map(({ contract }) => store.storeContract({ run_id: 'a-run', stored_at: at, contract, items, ...seen })),
  );
}

/** The ids of the contracts that are to be tried at a time. */
export async function dueIds(store: Store, at: string): Promise<number[]> {
  const due = await store.dueContracts([forge, domain], at);
  return due.map(({ contract_id }) => contract_id);
}

/** Takes in the rows of a sweep, and then the sweep, as a pass does. */
export async function recordListed(store: Store, sweep: ListedSweep): Promise<PageResult & SweepResult> {
  const page = await store.recordPage(sweep);
  return { ...page, ...(await store.recordSweep(sweep)) };
}

type Counts = SweepCounts & { readonly new: number; readonly gone: number };

/** Takes in a sweep and ends it, as a pass over this one region does. */
export async function recordAlone(store: Store, sweep: ListedSweep): Promise<Counts> {
  const { run_id, at, region_id } = sweep;
  const { counts, new: added } = await recordListed(store, sweep);
  const { gone } = await store.settleDepartures({
    run_id,
    at,
    region_ids: [region_id],
    moves: [],
    generated_until: null,
  });
  return { ...counts, new: added, gone: gone.length };
}
