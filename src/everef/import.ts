import { hostname } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import pMap from 'p-map';
import { v5 as idFrom } from 'uuid';
import packageJson from '../../package.json' with { type: 'json' };
import { settleContract } from '../aggregate/contract.ts';
import { wholeList } from '../aggregate/lists/absence.ts';
import { settleDepartures } from '../aggregate/lists/departures.ts';
import { readRows } from '../aggregate/lists/page.ts';
import { type RegionRow, rowNotReached, type SeenList } from '../aggregate/lists/region.ts';
import { parseBid } from '../esi/routes/contract-bids.ts';
import { typesWithoutItems } from '../eve/contract.ts';
import { slices } from '../store/batches.ts';
import type { DueContract, ListedDifference } from '../store/records/pass.ts';
import type { Store } from '../store/store.ts';
import type { Instant } from '../time.ts';
import type { Archive } from './archive.ts';
import { rollsIn } from './rolls.ts';

export interface ArchiveProgress {
  source: string;
  contracts: number;
}

export interface ArchiveSummary {
  readonly source: string;
  readonly scrape_start: string;
  readonly outcome: 'imported' | 'up_to_date' | 'older';
  readonly contracts_listed: number;
  readonly contracts_stored: number;
  readonly items_stored: number;
  readonly contracts_gone: number;
  /** Contracts left for the next pass: without items, or with a malformed one. */
  readonly contracts_waiting: number;
  readonly contracts_quarantined: number;
  readonly bids: number;
  readonly rolls: number;
  /** Rows without a contract or region, and malformed bids. */
  readonly rows_unusable: number;
}

interface ImportContext {
  readonly store: Store;
  readonly progress: ArchiveProgress;
  readonly signal: AbortSignal;
}

/** Namespace for the run ids of archives: importing an archive again gives the same id. */
const archives = '7f1d8f0e-6a0b-4a55-9a0a-1f6f0f3b7c11';
const rowsAtOnce = 1_000;
const contractsAtOnce = 500;
/** Contracts that are processed together share a transaction. */
const concurrency = 100;

const nothing = {
  contracts_listed: 0,
  contracts_stored: 0,
  items_stored: 0,
  contracts_gone: 0,
  contracts_waiting: 0,
  contracts_quarantined: 0,
  bids: 0,
  rolls: 0,
  rows_unusable: 0,
};

/**
 * Compares the start of an archive's scrape with the passes in the database.
 *
 * @returns the summary of an archive that is skipped, or undefined if the archive is newer than all passes
 */
export async function skipOldArchive(
  source: string,
  scrape_start: Instant,
  store: Store,
): Promise<ArchiveSummary | undefined> {
  const age = await store.ageOfRun(idFrom(scrape_start, archives), scrape_start);
  return age === 'new' ? undefined : { source, scrape_start, outcome: age, ...nothing };
}

/**
 * Imports an archive like a pass: its lists, the items of new contracts, bids, and what has gone since the previous
 * archive. Skips archives that are older than the last pass, and those already imported.
 */
export async function importArchive(source: string, archive: Archive, context: ImportContext): Promise<ArchiveSummary> {
  const { store, signal, progress } = context;
  const { scrape_start: at, scrape_end } = archive;
  const skipped = await skipOldArchive(source, at, store);
  if (skipped !== undefined) return skipped;
  const run_id = idFrom(at, archives);
  const now = () => new Date(scrape_end);
  const sum = { ...nothing, rows_unusable: archive.unusable };
  await store.openRun({
    run_id,
    started_at: at,
    host: hostname(),
    process_id: process.pid,
    version: packageJson.version,
  });

  const regionIds = [...new Set([...archive.contracts.keys(), ...(await store.listedRegions())])].toSorted(
    (a, b) => a - b,
  );
  const rows = new Map<number, RegionRow>();
  const lists: SeenList[] = [];
  for (const region_id of regionIds) {
    signal.throwIfAborted();
    const row = rowNotReached(run_id, region_id, at);
    rows.set(region_id, row);
    lists.push(await takeInRegion(region_id, row, archive, store));
    await setImmediate();
  }
  await settleDepartures(lists, rows, { run_id, store, now });

  const esi = {
    contractItems: async (id: number) => ({ kind: 'ok' as const, rows: [...(archive.items.get(id) ?? [])] }),
  };
  let after: DueContract | undefined;
  do {
    signal.throwIfAborted();
    const due = await store.dueContracts(regionIds, scrape_end, { after, limit: contractsAtOnce });
    after = due.at(-1);
    // SQLite is synchronous: without a pause, signals would not be handled.
    await setImmediate();
    await pMap(
      due,
      async (contract) => {
        const row = rows.get(contract.region_id);
        if (!isHere(contract, archive)) {
          sum.contracts_waiting += 1;
          if (row !== undefined) row.deferred += 1;
          return;
        }
        const result = await settleContract(contract, { run_id, esi, store, now });
        progress.contracts += 1;
        if (result.status === 'stored') {
          sum.items_stored += result.items?.length ?? 0;
          if (row !== undefined) row.stored += 1;
        } else sum.contracts_waiting += 1;
      },
      { concurrency },
    );
  } while (after !== undefined);

  for (const { contract_id, region_id } of await store.dueAuctions(regionIds, scrape_end)) {
    const bids = (archive.bids.get(contract_id) ?? []).flatMap((given) => {
      const parsed = parseBid(given);
      if (parsed.ok) return [parsed.value];
      sum.rows_unusable += 1;
      return [];
    });
    const distinct = [...new Map(bids.map((bid) => [bid.bid_id, bid])).values()];
    sum.bids += await store.recordBids({
      run_id,
      contract_id,
      region_id,
      at: scrape_end,
      bids: distinct,
      expires_at: scrape_end,
    });
  }
  for (const some of slices(rollsIn(archive), rowsAtOnce)) sum.rolls += await store.saveRolls(some);

  for (const row of rows.values()) {
    sum.contracts_listed += row.listed;
    sum.contracts_stored += row.stored;
    sum.contracts_gone += row.gone;
    sum.contracts_quarantined += row.quarantined;
  }
  await closeRun(run_id, rows, sum, archive, store);
  await store.analyze();
  return { source, scrape_start: at, outcome: 'imported', ...sum };
}

/** Whether the archive has everything that is needed to store a contract. */
function isHere({ contract_id, row }: DueContract, { items }: Archive): boolean {
  const { type } = JSON.parse(row) as { type?: unknown };
  return items.has(contract_id) || typesWithoutItems.includes(String(type));
}

async function takeInRegion(region_id: number, row: RegionRow, archive: Archive, store: Store): Promise<SeenList> {
  const { run_id, started_at: at } = row;
  const { listed, quarantined } = readRows(region_id, archive.contracts.get(region_id) ?? []);
  const differing: ListedDifference[] = [];
  let extended = 0;
  for (const some of slices(listed, rowsAtOnce)) {
    const page = await store.recordPage({ run_id, region_id, at, listed: some, quarantined: [] });
    row.new += page.new;
    extended += page.extended;
    differing.push(...page.differing);
    await setImmediate();
  }
  await store.recordPage({ run_id, region_id, at, listed: [], quarantined });
  const contract_ids = listed.map(({ contract }) => contract.contract_id);
  const announced = { contract_ids, quarantined: quarantined.map(({ backlog_key }) => backlog_key) };
  const { counts, storedElsewhere, doubt } = await store.recordSweep({
    run_id,
    region_id,
    at,
    generated_at: at,
    isAbsent: wholeList,
    announced,
  });
  Object.assign(row, counts, { outcome: doubt === null ? 'complete' : 'doubtful', finished_at: archive.scrape_end });
  const seen = { contract_ids: new Set(contract_ids), storedElsewhere, extended, differing };
  return { region_id, ...seen, isWhole: true, isRefused: false, generated_at: at };
}

async function closeRun(
  run_id: string,
  rows: ReadonlyMap<number, RegionRow>,
  sum: typeof nothing,
  { scrape_end: finished_at }: Archive,
  store: Store,
): Promise<void> {
  const all = [...rows.values()];
  const count = (outcome: string) => all.filter((row) => row.outcome === outcome).length;
  await store.recordRegionSweeps(all);
  await store.closeRun({
    run_id,
    finished_at,
    outcome: 'complete',
    exit_code: 0,
    error: null,
    counts: {
      regions_complete: count('complete'),
      regions_inconclusive: 0,
      regions_failed: 0,
      regions_doubtful: count('doubtful'),
      regions_fresh: 0,
      regions_not_reached: 0,
      contracts_listed: sum.contracts_listed,
      contracts_new: all.reduce((total, row) => total + row.new, 0),
      contracts_stored: sum.contracts_stored,
      contracts_gone: sum.contracts_gone,
      contracts_deferred: sum.contracts_waiting,
      contracts_quarantined: sum.contracts_quarantined,
      items_stored: sum.items_stored,
      requests_total: 0,
      requests_not_modified: 0,
      requests_errors: 0,
    },
  });
}
