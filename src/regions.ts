import { UsageError } from './errors.ts';
import { isIn, kSpaceRegions } from './eve/id-ranges.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { didYouMean, nearestNames } from './nearest.ts';

/** The meaning of values of `--region`, for passes, queries and the status. */

export interface NamedRegion {
  readonly region_id: number;
  /** Null while unknown. */
  readonly name: string | null;
}

/** Whether a value means all of known space. */
export const isAllRegions = (text: string) => text.trim().toLowerCase() === 'all';

/** Whether a value is a region's id. */
export const isRegionId = (text: string) => /^\d+$/.test(text.trim());

/** The meaning of one value: a full name, whole words of exactly one name, an id, or `all`. */
export function regionsMeant<Region extends NamedRegion>(text: string, regions: readonly Region[]): Meaning<Region> {
  if (isAllRegions(text)) {
    return { kind: 'name', rows: regions.filter(({ region_id }) => isIn(kSpaceRegions, region_id)) };
  }
  if (isRegionId(text)) {
    const rows = regions.filter(({ region_id }) => region_id === Number(text));
    return rows.length === 0 ? { kind: 'nothing' } : { kind: 'name', rows };
  }
  return meaningOf(
    text,
    regions.flatMap((region) => (region.name === null ? [] : [{ ...region, name: region.name }])),
  );
}

/** Where the values come from. Which of the two is no longer known when the names of the regions are. */
const sources = '--region or HANGARBAY_REGIONS';

/** The error for a value that means no region, or several. */
export function noRegion(
  text: string,
  meaning: Extract<Meaning<NamedRegion>, { readonly kind: 'several' | 'nothing' }>,
  regions: readonly NamedRegion[],
): UsageError {
  if (meaning.kind === 'several') {
    return new UsageError(
      `${sources}: region "${text}" is ambiguous: ${meaning.names.join(', ')}. Use a full name or an id`,
    );
  }
  const names = regions.flatMap(({ name }) => name ?? []);
  return new UsageError(`${sources}: region "${text}" is unknown${didYouMean(nearestNames(text, names))}`);
}
