/** Ranges of ids, both ends included, by CCP's documentation (guides/id-ranges). */
export interface IdRange {
  readonly first: number;
  readonly last: number;
}

/** Known space: regions with NPC stations or player empires. Wormhole regions begin at 11,000,000. */
export const kSpaceRegions: IdRange = { first: 10_000_000, last: 10_999_999 };
export const constellations: IdRange = { first: 20_000_000, last: 29_999_999 };
export const systems: IdRange = { first: 30_000_000, last: 39_999_999 };
/** Systems of wormhole space. */
export const wormholeSystems: IdRange = { first: 31_000_000, last: 31_999_999 };
/** Stations with a public route; 61 to 63.9 million were player outposts. */
export const stations: IdRange = { first: 60_000_000, last: 63_999_999 };
/** Player structures; their names are not public. */
export const structures: IdRange = { first: 1_000_000_000_000, last: Number.MAX_SAFE_INTEGER };
/** The category of ships. */
export const shipCategoryId = 6;
/** The category of modules, which mutaplasmids change. */
export const moduleCategoryId = 7;
export const droneCategoryId = 18;
/** The category of blueprints, originals and copies alike. */
export const blueprintCategoryId = 9;

/** Categories of types that are traded in thousands: minerals and other materials, ores, and planetary products. */
export const bulkCategoryIds: readonly number[] = [4, 25, 42, 43];

export function isIn(range: IdRange, id: number): boolean {
  return id >= range.first && id <= range.last;
}
