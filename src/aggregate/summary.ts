import type { RequestTally } from '../esi/answer.ts';
import type { Allowance, RouteTally } from '../esi/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { keptOut, type StopCause } from '../process/stop.ts';
import type { RegionSweep, RunCounts, SweepOutcome, WaitingCount } from '../store/records/pass.ts';
import type { Instant } from '../time.ts';
import type { BidsTally } from './bids.ts';
import { unfinishedRegions } from './lists/region-faults.ts';
import type { PricesOutcome } from './market-prices.ts';
import type { OutcomesTally } from './outcomes.ts';
import type { Plan } from './plan.ts';
import type { RollsTally } from './rolls.ts';

export type PassOutcome = 'complete' | 'partial' | 'unavailable' | 'interrupted';

/** The result of a pass, shown on stderr or printed as one JSON object on stdout. Fields may be added at any time. */
export interface Summary {
  readonly run_id: string;
  readonly started_at: Instant;
  readonly finished_at: Instant;
  readonly outcome: PassOutcome;
  readonly regions: {
    readonly complete: number;
    readonly inconclusive: number;
    readonly doubtful: number;
    readonly failed: number;
    readonly fresh: number;
    readonly not_reached: number;
  };
  readonly contracts: {
    /** Contracts on the known lists of the regions. */
    readonly listed: number;
    readonly new: number;
    readonly stored: number;
    readonly gone: number;
    /** Contracts that were gone and are listed again. */
    readonly returned: number;
    /** Contracts whose expiry was moved to a later time. */
    readonly extended: number;
    /** Contracts that are listed in another region than before. */
    readonly moved: number;
    /** Columns of stored contracts that a list contradicts for the first time. */
    readonly differing: number;
    /** Contracts left in the backlog by a fault, or not reached. */
    readonly deferred: number;
    readonly quarantined: number;
    /** Contracts that were listed and were gone when their items were requested. */
    readonly gone_before_items: number;
  };
  readonly items_stored: number;
  readonly bids: Readonly<BidsTally>;
  readonly rolls: Readonly<RollsTally>;
  readonly outcomes: Readonly<OutcomesTally>;
  readonly market_prices: PricesOutcome;
  readonly requests: RequestTally;
  /** Requests by route and status; `failed` for requests without an answer. */
  readonly requests_by_route: RouteTally;
  /** With `--plan`: requests that a pass would still send, by route. */
  readonly plan?: Plan;
  /** ESI's limits at the end of the pass. */
  readonly limits: Allowance;
  /** What is left for the next pass, as sentences. */
  readonly left: readonly string[];
  /** Whether something in `left` was not reported by another pass of the same day. */
  readonly is_news: boolean;
  readonly exit_code: ExitCode;
}

/** How the lists changed contracts that were already stored. */
export type ListTally = { -readonly [Count in 'extended' | 'moved' | 'differing']: Summary['contracts'][Count] };

export interface PassResult {
  readonly run_id: string;
  readonly started_at: Instant;
  readonly finished_at: Instant;
  readonly sweeps: readonly RegionSweep[];
  /** Regions whose failure was reported by an earlier pass of the same day. */
  readonly reportedBefore: ReadonlySet<number>;
  readonly lists: Readonly<ListTally>;
  /** Whether a failure was not reported by an earlier pass of the same day. */
  readonly isNews: boolean;
  /** Contracts whose items could not be fetched in this pass, without those that have failed for long. */
  readonly failed: number;
  /** Backlog counts of the pass's regions at its end. */
  readonly waiting: readonly WaitingCount[];
  readonly items_stored: number;
  readonly bids: Readonly<BidsTally>;
  readonly rolls: Readonly<RollsTally>;
  readonly outcomes: Readonly<OutcomesTally>;
  readonly market_prices: PricesOutcome;
  readonly requests: Readonly<RequestTally>;
  readonly requests_by_route: RouteTally;
  readonly limits: Allowance;
  /** Whether ESI gave any usable answer. */
  readonly answered: boolean;
  readonly plan?: Plan | undefined;
  /** Set when the pass ended early. */
  readonly stop: { readonly cause: StopCause; readonly message: string; readonly exitCode: ExitCode } | undefined;
}

export function summarize(result: PassResult): Summary {
  const regions = countRegions(result.sweeps);
  const contracts = countContracts(result);
  const left = leftOver(result, contracts.deferred);
  const { outcome, exitCode } = judge(result, left);
  const { run_id, started_at, finished_at, items_stored, bids, rolls, outcomes, market_prices } = result;
  return {
    run_id,
    started_at,
    finished_at,
    outcome,
    regions,
    contracts,
    items_stored,
    bids: { ...bids },
    rolls: { ...rolls },
    outcomes: { ...outcomes },
    market_prices,
    requests: { ...result.requests },
    requests_by_route: result.requests_by_route,
    limits: result.limits,
    ...(result.plan === undefined ? {} : { plan: result.plan }),
    left,
    is_news: result.isNews,
    exit_code: exitCode,
  };
}

/** The summary's counts as the ledger's columns. */
export function countsOf({ regions, contracts, items_stored, requests }: Summary): RunCounts {
  return {
    regions_complete: regions.complete,
    regions_inconclusive: regions.inconclusive,
    regions_failed: regions.failed,
    regions_doubtful: regions.doubtful,
    regions_fresh: regions.fresh,
    regions_not_reached: regions.not_reached,
    contracts_listed: contracts.listed,
    contracts_new: contracts.new,
    contracts_stored: contracts.stored,
    contracts_gone: contracts.gone,
    contracts_deferred: contracts.deferred,
    contracts_quarantined: contracts.quarantined,
    items_stored,
    requests_total: requests.total,
    requests_not_modified: requests.not_modified,
    requests_errors: requests.errors,
  };
}

function countRegions(sweeps: readonly RegionSweep[]): Summary['regions'] {
  const count = (outcome: SweepOutcome) => sweeps.filter((sweep) => sweep.outcome === outcome).length;
  return {
    complete: count('complete'),
    inconclusive: count('inconclusive'),
    doubtful: count('doubtful'),
    failed: count('failed'),
    fresh: count('fresh'),
    not_reached: count('not_reached'),
  };
}

function countContracts({ sweeps, lists, waiting }: PassResult): Summary['contracts'] {
  const sum = (field: 'listed' | 'new' | 'stored' | 'gone' | 'returned' | 'quarantined') =>
    sweeps.reduce((total, sweep) => total + sweep[field], 0);
  const waits = (status: WaitingCount['status']) =>
    waiting.reduce((total, count) => total + (count.status === status ? count.contracts : 0), 0);
  return {
    listed: sum('listed'),
    new: sum('new'),
    stored: sum('stored'),
    gone: sum('gone'),
    returned: sum('returned'),
    ...lists,
    deferred: waits('deferred'),
    // Malformed rows of lists, and contracts with malformed items.
    quarantined: sum('quarantined') + waits('quarantined'),
    gone_before_items: waits('gone_before_items'),
  };
}

function leftOver({ sweeps, reportedBefore, failed, stop }: PassResult, deferred: number): string[] {
  const left = stop === undefined ? [] : [`stopped early: ${stop.message}`];
  left.push(...unfinishedRegions(sweeps.filter(({ region_id }) => !reportedBefore.has(region_id))));
  const notReached = sweeps.filter(({ outcome }) => outcome === 'not_reached').length;
  if (notReached > 0) left.push(`${notReached} regions not reached`);
  // After an early end, the rest of the backlog is left as well.
  const waiting = stop === undefined ? failed : deferred;
  if (waiting > 0) left.push(`${waiting} contracts in the backlog`);
  return left;
}

function judge({ stop, answered, requests }: PassResult, left: readonly string[]) {
  const judged = (outcome: PassOutcome, exitCode: ExitCode) => ({ outcome, exitCode });
  if (stop?.cause === 'signal') return judged('interrupted', stop.exitCode);
  if (stop?.cause === 'plan' && (answered || requests.errors === 0)) return judged('partial', exitCodes.done);
  if (keptOut.includes(stop?.cause) || (!answered && requests.errors > 0))
    return judged('unavailable', exitCodes.unavailable);
  return left.length > 0 ? judged('partial', exitCodes.partial) : judged('complete', exitCodes.done);
}
