import { isIn, kSpaceRegions } from './id-ranges.ts';

export interface NamedRegion {
  readonly region_id: number;
  /** Null until it is known. */
  readonly name: string | null;
}

/** Whether a setting means the whole of known space. */
export const isAllRegions = (text: string) => text.toLowerCase() === 'all';

/** Whether a setting names a region by its id. */
export const isRegionId = (text: string) => /^\d+$/.test(text);

/** The regions that one value of the setting means: a name in upper or lower case, an id, or `all`; none if unknown. */
export function regionsMeant<Region extends NamedRegion>(text: string, regions: readonly Region[]): Region[] {
  if (isAllRegions(text)) return regions.filter(({ region_id }) => isIn(kSpaceRegions, region_id));
  return regions.filter(({ region_id, name }) =>
    isRegionId(text) ? region_id === Number(text) : name?.toLowerCase() === text.toLowerCase(),
  );
}
