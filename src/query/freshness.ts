import { type SQL, sql } from 'drizzle-orm';
import ms from 'ms';
import type { Reader } from '../store/store.ts';
import { type Instant, toInstant } from '../time.ts';
import { idsOf, nameable } from './names.ts';
import type { Question } from './source.ts';

/** A region whose last complete sweep is older is stale: ESI makes a list anew every half hour, a pass is due as often. */
export const staleAfterMilliseconds = 2 * 3_600_000;

/** How far a region's rows can be relied on. */
export interface RegionFreshness {
  readonly region_id: number;
  readonly region_name: string | null;
  readonly last_complete_sweep_at: Instant | null;
  readonly last_sweep_at: Instant | null;
  /** `complete`, `inconclusive` or `failed`; null when there was no sweep. */
  readonly last_sweep_outcome: string | null;
  /** The last sweep was complete, and not long ago. */
  readonly fresh: boolean;
}

/** The newest row of the ledger that a region has with an outcome of some kind. */
export const latestSweep = (column: SQL, outcomes: SQL) => sql`(
  SELECT ${column} FROM region_sweeps WHERE region_sweeps.region_id = regions.region_id
    AND region_sweeps.outcome IN (${outcomes}) ORDER BY region_sweeps.finished_at DESC, region_sweeps.run_id DESC LIMIT 1)`;

/** Outcomes of sweeps that asked ESI; a region that was fresh, or not reached, was not swept. */
export const sweptOutcomes = sql`'complete', 'inconclusive', 'failed'`;

/** Before the first pass there is nothing that an answer could be out of date of, and nothing to find. */
export async function isBeforeFirstSweep(reader: Reader): Promise<boolean> {
  return (await reader.all(sql`SELECT run_id FROM region_sweeps LIMIT 1`)).length === 0;
}

/**
 * The regions that an answer speaks of: those of its `--region`, otherwise all that have contracts or were ever swept.
 * None when its subject has nothing to do with regions.
 */
export async function freshnessOf(
  { subject, filters }: Pick<Question, 'subject' | 'filters'>,
  reader: Reader,
  now: Instant,
): Promise<RegionFreshness[]> {
  if (!subject.filters.some(({ flag }) => flag === '--region')) return [];
  const asked =
    filters.region === undefined ? undefined : await idsOf(filters.region, nameable.region, '--region', { reader });
  const scope =
    asked === undefined
      ? sql`EXISTS (SELECT 1 FROM contracts WHERE contracts.region_id = regions.region_id)
          OR EXISTS (SELECT 1 FROM region_sweeps WHERE region_sweeps.region_id = regions.region_id
            AND region_sweeps.outcome IN (${sweptOutcomes}))`
      : sql`regions.region_id IN (${sql.join(asked, sql`, `)})`;
  const rows = await reader.all<Omit<RegionFreshness, 'fresh'>>(sql`
    SELECT regions.region_id AS region_id, regions.name AS region_name,
      ${latestSweep(sql`finished_at`, sql`'complete'`)} AS last_complete_sweep_at,
      ${latestSweep(sql`finished_at`, sweptOutcomes)} AS last_sweep_at,
      ${latestSweep(sql`outcome`, sweptOutcomes)} AS last_sweep_outcome
    FROM regions WHERE ${scope} ORDER BY regions.region_id`);
  const limit = toInstant(new Date(Date.parse(now) - staleAfterMilliseconds));
  return rows.map((row) => {
    const isRecent = row.last_complete_sweep_at !== null && row.last_complete_sweep_at >= limit;
    return { ...row, fresh: isRecent && row.last_sweep_outcome === 'complete' };
  });
}

/** The moment that an answer is true of in all its regions; null when one of them was never completely swept. */
export function asOf(regions: readonly RegionFreshness[]): Instant | null {
  // The empty text stands for never, and comes first.
  const [oldest] = regions.map(({ last_complete_sweep_at }) => last_complete_sweep_at ?? '').sort();
  return oldest || null;
}

/** Regions that a warning names, at most. */
const namedRegions = 3;

/** What a person should know about the regions of an answer, in a sentence; undefined when all of them are fresh. */
export function freshnessWarning(regions: readonly RegionFreshness[], now: Instant): string | undefined {
  const unfit = regions.filter(({ fresh }) => !fresh);
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
  const age = ms(Math.max(0, Date.parse(now) - Date.parse(last_complete_sweep_at)), { long: true });
  const failed = last_sweep_outcome === 'complete' ? '' : `, and its last sweep ${lastSweep[last_sweep_outcome ?? '']}`;
  return `was last swept completely ${age} ago${failed}`;
}

const lastSweep: Readonly<Record<string, string>> = { inconclusive: 'was inconclusive', failed: 'failed' };
