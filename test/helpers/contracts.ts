import type { Bid } from '../../src/eve/contract.ts';
import type { Store } from '../../src/store/store.ts';
import { type Instant, instantAfter } from '../../src/time.ts';
import { bareContractRow, contractOf, itemOf, itemRow, type Row, sweepOf, forge as theForge } from './esi-rows.ts';
import { sweepRow } from './ledger-rows.ts';
import { recordAlone } from './stored.ts';

export { theForge };

/** A contract to store: rows in ESI's form; `undefined` omits a field. */
export interface GivenContract {
  readonly contract_id: number;
  readonly region_id?: number;
  /** What is not given of the row: an item exchange in Jita's station 4-4, issued yesterday, expiring in 13 days. */
  readonly row?: Row;
  /** What is not given of an item: offered, one, and a `record_id` by its place in the list. */
  readonly items?: readonly (Row & { readonly type_id: number })[];
  /** Of an auction: none when it was first asked about, an hour and a half ago, these an hour ago. */
  readonly bids?: readonly Bid[];
  /** Missing from the newer of the two sweeps. */
  readonly isGone?: boolean;
}

/** When the two sweeps were that filled a store. */
export interface Filled {
  readonly firstSweepAt: Instant;
  readonly secondSweepAt: Instant;
}

const hour = 3_600_000;
const day = 24 * hour;

/** The same for all contracts of a test, whose order must not follow from how long it takes to make them. */
const started = new Date();

/** An instant this number of hours from now; negative for the past. */
export function inHours(hours: number): Instant {
  return instantAfter(new Date(), hours * hour);
}

/** Of the pass that stores and sweeps in the helpers; the ledger has rows of its regions, but none of itself. */
export const runId = 'a-run';

/**
 * Stores contracts as two passes do, two hours and one hour ago: a complete sweep a region, every contract with its
 * items in a transaction, then another complete sweep without those that are gone, then the bids.
 */
export async function fill(store: Store, contracts: readonly GivenContract[]): Promise<Filled> {
  const filled = { firstSweepAt: inHours(-2), secondSweepAt: inHours(-1) };
  const regions = Map.groupBy(contracts, ({ region_id }) => region_id ?? theForge);
  for (const [regionId, inRegion] of regions) await sweep(store, regionId, inRegion, filled.firstSweepAt);

  const itemsOf = new Map(contracts.map(({ contract_id, items }) => [contract_id, items]));
  const due = await store.dueContracts([...regions.keys()], filled.firstSweepAt);
  await Promise.all(
    due.map(({ contract_id, row, region_id, first_seen_at, last_seen_at }) => {
      const given = itemsOf.get(contract_id) ?? [];
      const items = given.map((item, index) => itemOf(itemRow({ record_id: index + 1, item_id: undefined, ...item })));
      const seen = { region_id, first_seen_at, last_seen_at };
      return store.storeContract({
        run_id: runId,
        stored_at: first_seen_at,
        contract: contractOf(JSON.parse(row)),
        items,
        ...seen,
      });
    }),
  );

  for (const [regionId, inRegion] of regions) {
    await sweep(
      store,
      regionId,
      inRegion.filter(({ isGone }) => isGone !== true),
      filled.secondSweepAt,
    );
  }
  for (const { contract_id, region_id = theForge, bids } of contracts) {
    if (bids === undefined) continue;
    const look = { run_id: runId, contract_id, region_id, at: filled.secondSweepAt, expires_at: inHours(1) };
    await store.recordBids({ ...look, at: inHours(-1.5), bids: [] });
    await store.recordBids({ ...look, bids });
  }
  return filled;
}

async function sweep(store: Store, region_id: number, contracts: readonly GivenContract[], at: Instant): Promise<void> {
  const listed = contracts.map((given) => {
    const row = rowOf(given);
    return { row, contract: contractOf(row) };
  });
  const counts = await recordAlone(store, sweepOf(at, listed, { run_id: runId, region_id }));
  const times = { started_at: at, finished_at: at };
  await store.recordRegionSweeps([sweepRow({ run_id: runId, region_id, outcome: 'complete', ...times, ...counts })]);
}

function rowOf({ contract_id, row }: GivenContract): Row {
  const date_issued = instantAfter(started, -day);
  const date_expired = instantAfter(started, 13 * day);
  return bareContractRow({ contract_id, date_issued, date_expired, issuer_id: 90000001, ...row });
}
