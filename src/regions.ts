import { UsageError } from './errors.ts';
import { isIn, kSpaceRegions } from './eve/id-ranges.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { didYouMean, nearestNames } from './nearest.ts';

/** What the values of `--region` mean, to passes, questions and the status alike. */

export interface NamedRegion {
  readonly region_id: number;
  /** Null until it is known. */
  readonly name: string | null;
}

/** Whether a value means the whole of known space. */
export const isAllRegions = (text: string) => text.trim().toLowerCase() === 'all';

/** Whether a value names a region by its id. */
export const isRegionId = (text: string) => /^\d+$/.test(text.trim());

/** What one value means: a name in full, whole words of only one name, an id, or `all`. */
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

/** Why a value means no region. */
export function noRegion(
  text: string,
  meaning: Extract<Meaning<NamedRegion>, { readonly kind: 'several' | 'nothing' }>,
  regions: readonly NamedRegion[],
): UsageError {
  if (meaning.kind === 'several') {
    return new UsageError(`several regions fit "${text}": ${meaning.names.join(', ')}; say which, or its id`);
  }
  const names = regions.flatMap(({ name }) => name ?? []);
  return new UsageError(`region "${text}" is unknown${didYouMean(nearestNames(text, names))}`);
}
