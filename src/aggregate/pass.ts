import { hostname } from 'node:os';
import { v7 as newSortableId } from 'uuid';
import packageJson from '../../package.json' with { type: 'json' };
import { HangarbayError, messageOf } from '../errors.ts';
import { EsiFault } from '../esi/answer.ts';
import type { EsiClient } from '../esi/client.ts';
import { isIn, stations } from '../eve/id-ranges.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type Log, withFields } from '../log.ts';
import { keptOut, StopError } from '../process/stop.ts';
import { findRoutes } from '../sde/routes.ts';
import type { DueContract } from '../store/records/pass.ts';
import type { Store } from '../store/store.ts';
import { type Clock, toInstant } from '../time.ts';
import type { Validators } from '../validators/validators.ts';
import { type BidsTally, refreshBids } from './bids.ts';
import { settleContract } from './contract.ts';
import { forEach } from './each.ts';
import { ContractFaults } from './faults.ts';
import { settleDepartures } from './lists/departures.ts';
import { Differences } from './lists/differences.ts';
import { heldPages } from './lists/held-pages.ts';
import { type RegionRow, recordRegion, rowNotReached, type SeenList } from './lists/region.ts';
import { RegionFaults } from './lists/region-faults.ts';
import { type PricesOutcome, refreshMarketPrices } from './market-prices.ts';
import { type OutcomesTally, resolveOutcomes } from './outcomes.ts';
import { type Plan, planOf } from './plan.ts';
import { nothingDone, type Progress } from './progress.ts';
import { fetchReferences } from './reference/fetch.ts';
import { type NeededIds, nothingNeeded } from './reference/objects.ts';
import { resolveRegions } from './reference/resolve-regions.ts';
import { endCause, isEndReportDue } from './report-due.ts';
import { fetchRolls, type RollsTally } from './rolls.ts';
import { countsOf, type ListTally, type PassResult, type Summary, summarize } from './summary.ts';

export interface PassOptions {
  readonly esi: EsiClient;
  readonly store: Store;
  readonly validators: Validators;
  /** Names or ids of regions, or `all`. */
  readonly regions: readonly string[];
  readonly concurrency: number;
  /** Whether to refresh the market prices. @default true */
  readonly marketPrices?: boolean | undefined;
  /** Whether to fetch the rolls of mutated modules. @default true */
  readonly rolls?: boolean | undefined;
  /** Whether the pass ends after the lists and only counts its remaining requests. @default false */
  readonly plan?: boolean | undefined;
  /** Maximum number of requests for the outcomes of contracts. @default 0 */
  readonly resolve?: number | undefined;
  readonly log: Log;
  readonly now?: Clock;
  readonly progress?: Progress;
  /** The exit code for a received signal. */
  readonly signalExitCode?: () => ExitCode | undefined;
}

/**
 * Contracts in progress per concurrent request. Contracts that wait for a retry or for a common transaction do not hold
 * up requests.
 */
const contractsPerRequest = 12;
/** Contracts of the backlog held in memory, about a minute's requests. */
const dueAtOnce = 2_000;
/** After this many attempts a failing contract is only in the summary and in `status`, not in the mail of each pass. */
const reportedAttempts = 3;

/**
 * One pass: sweeps the regions, adds what they list to the backlog, settles the backlog contract by contract, requests
 * the bids of auctions, and fetches missing names. The ledger gets a row for the pass and one per region, however the
 * pass ends.
 */
export async function runPass(options: PassOptions): Promise<Summary> {
  const { store, now = () => new Date() } = options;
  const run_id = newSortableId();
  const started_at = toInstant(now());
  const version = packageJson.version;
  await store.openRun({ run_id, started_at, host: hostname(), process_id: process.pid, version });
  const log = withFields(options.log, { run_id });
  const pass = new Pass({ ...options, log }, run_id, now);
  try {
    const result = await pass.run();
    const summary = summarize({ ...result, run_id, started_at, finished_at: toInstant(now()) });
    const { finished_at, outcome, exit_code } = summary;
    const error = summary.left.length > 0 ? summary.left.join('; ') : null;
    await store.closeRun({ run_id, finished_at, outcome, exit_code, error, counts: countsOf(summary) });
    return summary;
  } catch (error) {
    await closeFailedRun(store, run_id, toInstant(now()), error, log);
    throw error;
  }
}

async function closeFailedRun(store: Store, run_id: string, finished_at: string, error: unknown, log: Log) {
  const exit_code = error instanceof HangarbayError ? error.exitCode : exitCodes.failure;
  try {
    await store.closeRun({ run_id, finished_at, outcome: 'failed', exit_code, error: messageOf(error) });
  } catch (secondError) {
    // The next pass closes the row; the first error matters more.
    log.debug(`cannot close the ledger row of pass ${run_id}: ${messageOf(secondError)}`);
  }
}

class Pass {
  readonly #options: PassOptions;
  readonly #runId: string;
  readonly #now: Clock;
  readonly #needed: NeededIds = nothingNeeded();
  readonly #rows = new Map<number, RegionRow>();
  readonly #bids: BidsTally = { asked: 0, new: 0, failed: 0 };
  readonly #rolls: RollsTally = { stored: 0, unknown: 0, failed: 0 };
  readonly #outcomes: OutcomesTally = { asked: 0, accepted: 0 };
  readonly #progress: Progress;
  readonly #lists: SeenList[] = [];
  #prices: PricesOutcome = 'not_asked';
  readonly #listTally: ListTally = { extended: 0, moved: 0, differing: 0 };
  readonly #differences = new Differences();
  readonly #regionFaults = new RegionFaults();
  #plan: Plan | undefined;
  #contractsStored = 0;
  readonly #faults = new ContractFaults();
  #contractsFailed = 0;
  #hasNews = false;
  #itemsStored = 0;
  #stop: StopError | undefined;

  constructor(options: PassOptions, runId: string, now: Clock) {
    this.#options = options;
    this.#runId = runId;
    this.#now = now;
    this.#progress = options.progress ?? nothingDone();
  }

  async run(): Promise<Omit<PassResult, 'run_id' | 'started_at' | 'finished_at'>> {
    const { esi, store, signalExitCode } = this.#options;
    const regionIds: number[] = [];
    const context = { ...this.#options, run_id: this.#runId, now: this.#now };
    await this.#unlessStopped(async () => {
      regionIds.push(...(await this.#regionIds()));
      if (this.#options.marketPrices !== false) this.#prices = await refreshMarketPrices(context);
      await this.#sweepRegions(regionIds);
      this.#listTally.moved = await settleDepartures(this.#lists, this.#rows, context);
      if (this.#options.plan === true) {
        this.#plan = await planOf(regionIds, context);
        throw new StopError('plan', 'only the lists were requested');
      }
      await this.#workOffBacklog(regionIds);
      this.#progress.phase = 'bids';
      await refreshBids(regionIds, this.#bids, { ...context, progress: this.#progress.bids });
      this.#progress.phase = 'names';
      await resolveOutcomes(this.#outcomes, { ...context, resolve: this.#options.resolve ?? 0 });
      const naming = { ...context, progress: this.#progress.names };
      await fetchReferences(this.#needed, naming, async () => {
        if (this.#options.rolls !== false) await fetchRolls(this.#rolls, naming);
      });
    });
    this.#faults.report(this.#options.log);
    await this.#unlessStopped(() => this.#detectOutage());
    const cause = endCause(this.#stop?.cause, esi);
    const regionReport = await this.#regionFaults.report(this.#options, this.#now(), keptOut.includes(cause));
    const isEndNews = await isEndReportDue(cause, store, this.#now());
    this.#progress.phase = 'done';

    // After a signal or a deadline the pass must end soon; the next pass does this.
    if (this.#stop?.cause !== 'signal' && this.#stop?.cause !== 'max_duration') {
      await store.valueContracts();
      await findRoutes(store);
    }
    if (this.#contractsStored > 0 && this.#stop === undefined) await store.analyze();
    const waiting = await store.countWaiting(regionIds);
    for (const { region_id, status, contracts } of waiting) {
      const row = this.#rows.get(region_id);
      if (row !== undefined && status === 'deferred') row.deferred = contracts;
    }
    const sweeps = [...this.#rows.values()];
    await store.recordRegionSweeps(sweeps);
    const stop = this.#stop && {
      cause: this.#stop.cause,
      message: this.#stop.message,
      exitCode: signalExitCode?.() ?? exitCodes.failure,
    };
    const { tally: requests, byRoute: requests_by_route, allowance: limits, answered } = esi;
    return {
      sweeps,
      reportedBefore: regionReport.reportedBefore,
      isNews: isEndNews || regionReport.hasNews || this.#hasNews,
      lists: this.#listTally,
      waiting,
      failed: this.#contractsFailed,
      items_stored: this.#itemsStored,
      bids: this.#bids,
      rolls: this.#rolls,
      outcomes: this.#outcomes,
      market_prices: this.#prices,
      requests,
      requests_by_route,
      limits,
      answered,
      plan: this.#plan,
      stop,
    };
  }

  /** Runs a part of the pass unless the pass was stopped; remembers the reason if it is stopped meanwhile. */
  async #unlessStopped(work: () => Promise<void>): Promise<void> {
    if (this.#stop !== undefined) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StopError)) throw error;
      this.#stop = error;
    }
  }

  /** If no request was answered, requests a route that has nothing to do with contracts, to detect an outage of ESI. */
  async #detectOutage(): Promise<void> {
    const { esi } = this.#options;
    if (esi.answered || esi.tally.errors === 0) return;
    try {
      await esi.request('status');
    } catch (error) {
      if (!(error instanceof EsiFault)) throw error;
    }
  }

  async #regionIds(): Promise<number[]> {
    return resolveRegions(this.#options.regions, this.#needed, {
      ...this.#options,
      now: this.#now,
      progress: this.#progress.names,
    });
  }

  async #sweepRegions(regionIds: readonly number[]): Promise<void> {
    const { concurrency } = this.#options;
    const startedAt = toInstant(this.#now());
    for (const region_id of regionIds) this.#rows.set(region_id, rowNotReached(this.#runId, region_id, startedAt));
    this.#progress.regions.total = regionIds.length;
    const held = await heldPages(regionIds, this.#options);
    await forEach([...this.#rows.values()], concurrency, async (row) => {
      const list = await recordRegion(row, held.get(row.region_id) ?? new Map(), { ...this.#options, now: this.#now });
      this.#lists.push(list);
      this.#reportList(row, list);
      if (row.outcome !== 'fresh') this.#needed.region.add(row.region_id);
      this.#progress.regions.done += 1;
    });
  }

  /** Notes what is wrong with a region's list, and reports where it differs from stored contracts. */
  #reportList(row: RegionRow, { isRefused, extended, differing }: SeenList): void {
    const { log } = this.#options;
    this.#regionFaults.note(row, isRefused, log);
    this.#listTally.extended += extended;
    this.#listTally.differing += differing.length;
    this.#differences.report(differing, log);
  }

  async #workOffBacklog(regionIds: readonly number[]): Promise<void> {
    const { store, concurrency } = this.#options;
    const begunAt = toInstant(this.#now());
    this.#progress.phase = 'contracts';
    this.#progress.contracts.total = await store.countDue(regionIds, begunAt);
    const settle = (contract: DueContract) => this.#settle(contract);
    await forEach(this.#due(regionIds, begunAt), concurrency * contractsPerRequest, settle, this.#progress.contracts);
  }

  /** The backlog, read in batches while contracts are being settled, so that no request waits for the end of a batch. */
  async *#due(regionIds: readonly number[], until: string): AsyncGenerator<DueContract> {
    let after: DueContract | undefined;
    do {
      const batch = await this.#options.store.dueContracts(regionIds, until, { after, limit: dueAtOnce });
      yield* batch;
      after = batch.at(-1);
    } while (after !== undefined);
  }

  async #settle(due: DueContract): Promise<void> {
    const { esi, store, log } = this.#options;
    const result = await settleContract(due, { run_id: this.#runId, esi, store, now: this.#now });
    const row = this.#rows.get(due.region_id);
    if (result.status !== 'stored') {
      const isFault = result.status === 'deferred' && due.attempts < reportedAttempts;
      const isNews = isFault && due.attempts === 0;
      if (isFault) this.#contractsFailed += 1;
      if (isNews) this.#hasNews = true;
      this.#faults.note(due, result, { isNews, log });
      return;
    }
    if (row !== undefined) row.stored += 1;
    this.#contractsStored += 1;
    const items = result.items ?? [];
    this.#itemsStored += items.length;
    for (const { type_id } of items) this.#needed.type.add(type_id);
    for (const location of [result.contract.start_location_id, result.contract.end_location_id]) {
      if (location !== null && isIn(stations, location)) this.#needed.station.add(location);
    }
  }
}
