import { type SQL, sql } from 'drizzle-orm';
import ms from 'ms';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { isAmongIds } from './conditions.ts';
import type { ResolvedQuestion } from './resolve.ts';

/**
 * A region is stale if its last complete sweep is older than this: ESI makes a list every half hour, and a pass runs as
 * often.
 */
export const staleAfterMilliseconds = 2 * 3_600_000;

/** The time and outcome of a region's last sweep. */
export interface LastSweeps {
  readonly last_complete_sweep_at: Instant | null;
  readonly last_sweep_at: Instant | null;
  /** `complete`, `inconclusive`, `doubtful` or `failed`; null without a sweep. */
  readonly last_sweep_outcome: string | null;
}

/** The freshness of a region's rows. */
export interface RegionFreshness extends LastSweeps {
  readonly region_id: number;
  readonly region_name: string | null;
  readonly is_fresh: boolean;
}

/** Outcomes of sweeps that sent requests. A region that was fresh or not reached was not swept. */
const sweptOutcomes = sql`'complete', 'inconclusive', 'doubtful', 'failed'`;

/** One column of a region's latest sweep with one of these outcomes. */
const latestSweep = (column: SQL, outcomes: SQL) => sql`(
  SELECT ${column} FROM region_sweeps WHERE region_sweeps.region_id = regions.region_id
    AND region_sweeps.outcome IN (${outcomes}) ORDER BY region_sweeps.finished_at DESC, region_sweeps.run_id DESC LIMIT 1)`;

/** The SQL of {@link LastSweeps}, for a query of `regions`. */
export const lastSweeps: Readonly<Record<keyof LastSweeps, SQL>> = {
  last_sweep_at: latestSweep(sql`finished_at`, sweptOutcomes),
  last_sweep_outcome: latestSweep(sql`outcome`, sweptOutcomes),
  last_complete_sweep_at: latestSweep(sql`finished_at`, sql`'complete'`),
};

/** Whether a region's last complete sweep is recent enough; in milliseconds. */
export function isFresh({ last_complete_sweep_at: at }: LastSweeps, now: Instant, maxAge: number): boolean {
  return at !== null && Date.parse(now) - Date.parse(at) <= maxAge;
}

/** Before the first pass there are no contracts, and an answer cannot be out of date. */
export async function isBeforeFirstSweep(reader: Reader): Promise<boolean> {
  return (await reader.all(sql`SELECT run_id FROM region_sweeps LIMIT 1`)).length === 0;
}

/**
 * The regions that an answer covers: those that its filters select, otherwise all that were ever swept, because others
 * have no contracts. Empty if the subject is not about regions.
 */
export async function freshnessOf({
  subject,
  regions,
  reader,
}: Pick<ResolvedQuestion, 'subject' | 'regions' | 'reader'>): Promise<RegionFreshness[]> {
  if (!subject.filters.some(({ name }) => name === 'region')) return [];
  const scope =
    regions === undefined
      ? sql`${lastSweeps.last_sweep_outcome} IS NOT NULL`
      : isAmongIds(sql`regions.region_id`, regions);
  const columns = Object.entries(lastSweeps).map(([name, column]) => sql`${column} AS ${sql.identifier(name)}`);
  const rows = await reader.all<Omit<RegionFreshness, 'is_fresh'>>(sql`
    SELECT regions.region_id AS region_id, regions.name AS region_name, ${sql.join(columns, sql`, `)}
    FROM regions WHERE ${scope} ORDER BY regions.region_id`);
  return rows.map((row) => ({ ...row, is_fresh: isFresh(row, reader.now, staleAfterMilliseconds) }));
}

/** The time at which an answer is valid for all its regions; null if one of them was never completely swept. */
export function asOf(regions: readonly RegionFreshness[]): Instant | null {
  // The empty text means never, and sorts first.
  const [oldest] = regions.map(({ last_complete_sweep_at }) => last_complete_sweep_at ?? '').sort();
  return oldest || null;
}

/** When ESI generated the stored market prices; null without prices. */
export async function pricesAsOf(reader: Reader): Promise<Instant | null> {
  const [row] = await reader.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'market_prices_as_of'`);
  return row?.value ?? null;
}

/** Maximum of regions in a warning. */
const namedRegions = 3;

/**
 * The warning about the freshness of an answer's regions; undefined if all are fresh and their last sweeps were
 * complete.
 */
export function freshnessWarning(regions: readonly RegionFreshness[], now: Instant): string | undefined {
  const unfit = regions.filter(({ is_fresh, last_sweep_outcome }) => !is_fresh || last_sweep_outcome !== 'complete');
  if (unfit.length === 0) return undefined;
  const age = ({ last_complete_sweep_at }: RegionFreshness) => last_complete_sweep_at ?? '';
  const named = unfit.toSorted((a, b) => (age(a) < age(b) ? -1 : 1)).slice(0, namedRegions);
  const more = unfit.length - named.length;
  const parts = named.map((region) => `${region.region_name ?? `region ${region.region_id}`} ${flawOf(region, now)}`);
  if (more > 0) parts.push(`${more} more ${more === 1 ? 'region is' : 'regions are'} stale as well`);
  return `the answer may be out of date: ${parts.join('; ')}. Run: hangarbay aggregate (details: hangarbay query regions)`;
}

function flawOf({ last_complete_sweep_at, last_sweep_outcome }: RegionFreshness, now: Instant): string {
  if (last_complete_sweep_at === null) return 'never had a complete sweep';
  const age = ms(Math.max(1_000, Date.parse(now) - Date.parse(last_complete_sweep_at)), { long: true });
  const failed = last_sweep_outcome === 'complete' ? '' : `, and its last sweep ${lastSweep[last_sweep_outcome ?? '']}`;
  return `had its last complete sweep ${age} ago${failed}`;
}

const lastSweep: Readonly<Record<string, string>> = {
  inconclusive: 'was inconclusive',
  doubtful: 'was doubtful',
  failed: 'failed',
};
