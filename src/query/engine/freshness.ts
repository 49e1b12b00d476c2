import { type SQL, sql } from 'drizzle-orm';
import ms from 'ms';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { isAmongIds } from './conditions.ts';
import type { ResolvedQuestion } from './resolve.ts';

/** A region whose last complete sweep is older is stale: ESI makes a list anew every half hour, a pass is due as often. */
export const staleAfterMilliseconds = 2 * 3_600_000;

/** When a region was last swept, and how that ended. */
export interface LastSweeps {
  readonly last_complete_sweep_at: Instant | null;
  readonly last_sweep_at: Instant | null;
  /** `complete`, `inconclusive`, `doubtful` or `failed`; null when there was no sweep. */
  readonly last_sweep_outcome: string | null;
}

/** How far a region's rows can be relied on. */
export interface RegionFreshness extends LastSweeps {
  readonly region_id: number;
  readonly region_name: string | null;
  readonly is_fresh: boolean;
}

/** Outcomes of sweeps that asked ESI; a region that was fresh, or not reached, was not swept. */
const sweptOutcomes = sql`'complete', 'inconclusive', 'doubtful', 'failed'`;

/** One column of a region's latest sweep that had one of these outcomes. */
const latestSweep = (column: SQL, outcomes: SQL) => sql`(
  SELECT ${column} FROM region_sweeps WHERE region_sweeps.region_id = regions.region_id
    AND region_sweeps.outcome IN (${outcomes}) ORDER BY region_sweeps.finished_at DESC, region_sweeps.run_id DESC LIMIT 1)`;

/** The SQL of {@link LastSweeps}, for a query of `regions`. */
export const lastSweeps: Readonly<Record<keyof LastSweeps, SQL>> = {
  last_sweep_at: latestSweep(sql`finished_at`, sweptOutcomes),
  last_sweep_outcome: latestSweep(sql`outcome`, sweptOutcomes),
  last_complete_sweep_at: latestSweep(sql`finished_at`, sql`'complete'`),
};

/** Whether a region's last complete sweep is young enough; in milliseconds. */
export function isFresh({ last_complete_sweep_at: at }: LastSweeps, now: Instant, maxAge: number): boolean {
  return at !== null && Date.parse(now) - Date.parse(at) <= maxAge;
}

/** Before the first pass there is nothing that an answer could be out of date of, and nothing to find. */
export async function isBeforeFirstSweep(reader: Reader): Promise<boolean> {
  return (await reader.all(sql`SELECT run_id FROM region_sweeps LIMIT 1`)).length === 0;
}

/**
 * The regions that an answer speaks of: those that its filters leave, otherwise all that were ever swept, without which
 * no region has contracts. None when its subject has nothing to do with regions.
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

/** The moment that an answer is true of in all its regions; null when one of them was never completely swept. */
export function asOf(regions: readonly RegionFreshness[]): Instant | null {
  // The empty text stands for never, and comes first.
  const [oldest] = regions.map(({ last_complete_sweep_at }) => last_complete_sweep_at ?? '').sort();
  return oldest || null;
}

/** When ESI generated the stored market prices; null without prices. */
export async function pricesAsOf(reader: Reader): Promise<Instant | null> {
  const [row] = await reader.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'market_prices_as_of'`);
  return row?.value ?? null;
}

/** Regions that a warning names, at most. */
const namedRegions = 3;

/** What a person should know about the regions of an answer, in a sentence; undefined when all of them are fresh and were last swept completely. */
export function freshnessWarning(regions: readonly RegionFreshness[], now: Instant): string | undefined {
  const unfit = regions.filter(({ is_fresh, last_sweep_outcome }) => !is_fresh || last_sweep_outcome !== 'complete');
  if (unfit.length === 0) return undefined;
  const age = ({ last_complete_sweep_at }: RegionFreshness) => last_complete_sweep_at ?? '';
  const named = unfit.toSorted((a, b) => (age(a) < age(b) ? -1 : 1)).slice(0, namedRegions);
  const more = unfit.length - named.length;
  const parts = named.map((region) => `${region.region_name ?? `region ${region.region_id}`} ${flawOf(region, now)}`);
  if (more > 0) parts.push(`${more} more ${more === 1 ? 'region is' : 'regions are'} no better`);
  return `the answer may be out of date: ${parts.join('; ')}. Run: hangarbay aggregate (and see: hangarbay query regions)`;
}

function flawOf({ last_complete_sweep_at, last_sweep_outcome }: RegionFreshness, now: Instant): string {
  if (last_complete_sweep_at === null) return 'was never swept completely';
  const age = ms(Math.max(1_000, Date.parse(now) - Date.parse(last_complete_sweep_at)), { long: true });
  const failed = last_sweep_outcome === 'complete' ? '' : `, and its last sweep ${lastSweep[last_sweep_outcome ?? '']}`;
  return `was last swept completely ${age} ago${failed}`;
}

const lastSweep: Readonly<Record<string, string>> = {
  inconclusive: 'was inconclusive',
  doubtful: 'was doubtful',
  failed: 'failed',
};
