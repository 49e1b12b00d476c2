import { hostname } from 'node:os';
import { type SQL, sql } from 'drizzle-orm';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { type NamedRegion, noRegion, regionsMeant } from '../../regions.ts';
import type { LockState } from '../../store/lock.ts';
import { prunedBeforeKey } from '../../store/meta-keys.ts';
import type { Reader } from '../../store/reader.ts';
import type { BacklogStatus } from '../../store/records/pass.ts';
import type { Instant } from '../../time.ts';
import { isFresh, type LastSweeps, pricesAsOf } from '../engine/freshness.ts';
import { resolve } from '../engine/resolve.ts';
import { rows } from '../engine/run.ts';
import { regions as regionsSubject } from '../subjects/regions.ts';

/** The state of the database for monitors. Fields may be added at any time. */
export interface Status {
  readonly as_of: Instant;
  readonly verdict: 'fresh' | 'stale' | 'no_successful_pass';
  readonly exit_code: ExitCode;
  readonly max_age_seconds: number;
  /** The pass that is running according to the ledger; null without one. */
  readonly running: RunningPass | null;
  /** The current holder of the database's lock, on any host: a pass, an import or a prune. */
  readonly lock: LockState;
  /** The last pass that ended, with any outcome. */
  readonly last_run: Run | null;
  /** The last pass that ended as `complete` or `partial`. */
  readonly last_successful_run: Run | null;
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Listed contracts that are not stored, in all regions. */
  readonly backlog: Readonly<Record<BacklogStatus, number>>;
  readonly regions: readonly RegionStatus[];
  /** Mutated modules that contracts have offered, and how many of their rolls are known. */
  readonly rolls: { readonly known: number; readonly of: number };
  /** When ESI generated the stored market prices; null without prices. */
  readonly prices_as_of: Instant | null;
  /** The last imported static data export; null without an import. */
  readonly static_data: StaticDataStatus | null;
  /** Contracts gone before this instant may have been removed by `prune`; null before any prune. */
  readonly pruned_before: Instant | null;
}

export interface StaticDataStatus {
  readonly build: number;
  readonly released_at: Instant | null;
  readonly imported_at: Instant;
}

export interface Run {
  readonly run_id: string;
  readonly started_at: Instant;
  readonly finished_at: Instant | null;
  readonly outcome: string;
  readonly exit_code: number | null;
  readonly host: string;
  readonly process_id: number;
  readonly error: string | null;
}

export interface RunningPass extends Pick<Run, 'run_id' | 'started_at' | 'host' | 'process_id'> {
  /**
   * False when the process has ended and the next pass will close its row; null if this is unknown, for a pass on
   * another host without access to the lock.
   */
  readonly is_alive: boolean | null;
}

export interface RegionStatus extends NamedRegion, LastSweeps {
  readonly is_fresh: boolean;
  /** Age of the last complete sweep. */
  readonly age_seconds: number | null;
  readonly contracts_listed: number;
}

export interface StatusQuestion {
  /** Names or ids of regions, or `all`. */
  readonly regions: readonly string[];
  /** Age of the last complete sweep after which a region is stale. */
  readonly maxAgeMilliseconds: number;
}

const shownRuns = 5;

/**
 * Computed from stored sweeps only. A region is fresh when its last complete sweep is recent enough; the schedule of
 * passes is unknown here, and the expiry of a list does not show a missing pass.
 *
 * @throws {UsageError} when a region is unknown
 */
export async function readStatus(
  { regions: wanted, maxAgeMilliseconds }: StatusQuestion,
  reader: Reader,
  lock: LockState,
): Promise<Status> {
  const { now } = reader;
  const runs = await readRuns(reader, sql`TRUE`, shownRuns);
  const [last_run = null] = await readRuns(reader, sql`finished_at IS NOT NULL`, 1);
  const [last_successful_run = null] = await readRuns(reader, sql`outcome IN ('complete', 'partial')`, 1);
  const [open] = await readRuns(reader, sql`finished_at IS NULL`, 1);
  const known = await readRegions(reader);
  const regions = chosenRegions(wanted, known, { areNamesKnown: last_successful_run !== null }).map((region) => {
    const { last_complete_sweep_at: at } = region;
    const age = at === null ? null : Date.parse(now) - Date.parse(at);
    const is_fresh = isFresh(region, now, maxAgeMilliseconds);
    const { region_id, name, ...facts } = region;
    return { region_id, name, is_fresh, age_seconds: age === null ? null : age / 1_000, ...facts };
  });
  return {
    as_of: now,
    ...verdictOn(regions, last_successful_run),
    max_age_seconds: maxAgeMilliseconds / 1_000,
    running: open === undefined ? null : runningPass(open, lock),
    lock,
    last_run,
    last_successful_run,
    runs,
    backlog: await readBacklog(reader),
    regions,
    rolls: await readRolls(reader),
    prices_as_of: await pricesAsOf(reader),
    static_data: await readStaticData(reader),
    pruned_before: await readPrunedBefore(reader),
  };
}

function verdictOn(regions: readonly RegionStatus[], successful: Run | null): Pick<Status, 'verdict' | 'exit_code'> {
  if (successful === null) return { verdict: 'no_successful_pass', exit_code: exitCodes.failure };
  if (regions.every(({ is_fresh }) => is_fresh)) return { verdict: 'fresh', exit_code: exitCodes.done };
  return { verdict: 'stale', exit_code: exitCodes.partial };
}

async function readRuns(reader: Reader, condition: SQL, limit: number): Promise<Run[]> {
  return reader.all<Run>(sql`
    SELECT run_id, started_at, finished_at, outcome, exit_code, host, process_id, error FROM runs
    WHERE ${condition} ORDER BY started_at DESC, run_id DESC LIMIT ${limit}`);
}

type SweptRegion = Omit<RegionStatus, 'is_fresh' | 'age_seconds'>;

async function readRegions(reader: Reader): Promise<SweptRegion[]> {
  const question = { subject: regionsSubject, filters: {}, descending: false, limit: 0, offset: 0 };
  const found: SweptRegion[] = [];
  for await (const batch of rows(await resolve(question, reader))) found.push(...(batch as unknown as SweptRegion[]));
  return found;
}

/** Before the first successful pass, names may be missing, so an unknown name is not an error. */
function chosenRegions(
  wanted: readonly string[],
  known: readonly SweptRegion[],
  { areNamesKnown }: { readonly areNamesKnown: boolean },
): SweptRegion[] {
  const chosen = wanted.flatMap((text) => {
    const meaning = regionsMeant(text, known);
    if (meaning.kind === 'name' || meaning.kind === 'part') return meaning.rows;
    if (meaning.kind === 'nothing' && !areNamesKnown) return [];
    throw noRegion(text, meaning, known);
  });
  return [...new Map(chosen.map((region) => [region.region_id, region])).values()];
}

async function readBacklog(reader: Reader): Promise<Record<BacklogStatus, number>> {
  const counts = await reader.all<{ status: BacklogStatus; contracts: number }>(
    sql`SELECT status, count(*) AS contracts FROM contract_backlog WHERE gone_at IS NULL GROUP BY status`,
  );
  const backlog = { deferred: 0, gone_before_items: 0, quarantined: 0 };
  for (const { status, contracts } of counts) backlog[status] = Number(contracts);
  return backlog;
}

async function readRolls(reader: Reader): Promise<Status['rolls']> {
  const [counts] = await reader.all<{ known: number; total: number }>(
    sql`SELECT count(fetched_at) AS known, count(*) AS total FROM rolls WHERE NOT is_unknown`,
  );
  return { known: Number(counts?.known ?? 0), of: Number(counts?.total ?? 0) };
}

async function readStaticData(reader: Reader): Promise<StaticDataStatus | null> {
  const rows = await reader.all<{ key: string; value: string }>(
    sql`SELECT key, value FROM meta WHERE key IN ('sde_build', 'sde_released_at', 'sde_imported_at') ORDER BY key`,
  );
  const [build, imported, released] = rows;
  if (build === undefined || imported === undefined || released === undefined) return null;
  return { build: Number(build.value), released_at: released.value || null, imported_at: imported.value };
}

async function readPrunedBefore(reader: Reader): Promise<Instant | null> {
  const [row] = await reader.all<{ value: Instant }>(sql`SELECT value FROM meta WHERE key = ${prunedBeforeKey}`);
  return row?.value ?? null;
}

function runningPass({ run_id, started_at, host, process_id }: Run, { is_held, holder }: LockState): RunningPass {
  const isHolder = holder?.host === host && holder.process_id === process_id;
  // A pass holds the lock for longer than its row is open.
  const isKnown = host === hostname() ? isProcess(process_id) : null;
  const is_alive = isHolder || (is_held === false ? false : isKnown);
  return { run_id, started_at, host, process_id, is_alive };
}

function isProcess(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // The process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
