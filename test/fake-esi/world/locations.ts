import type { Random } from '../random.ts';
import type { Universe } from '../universe/types.ts';

/** Where contracts are issued. */
export interface Locations {
  /** A region, The Forge for seven of ten. */
  drawRegion(): number;
  /** A station or structure in the region. */
  drawIn(regionId: number): number;
  /** A station or structure anywhere but at `otherThan`. */
  drawElsewhere(otherThan: number): number;
  /** The region of a station; structures have none that ESI would tell. */
  regionOf(locationId: number): number | undefined;
}

/** Shares of regions in percent; the others of k-space share the rest. */
const regionWeights: ReadonlyMap<number, number> = new Map([
  [10000002, 70],
  [10000043, 7],
  [10000032, 3],
  [10000067, 2.5],
  [10000008, 2.5],
  [10000042, 2],
  [10000030, 2],
  [10000070, 1.5],
]);
const otherRegionWeight = 0.15;
/** Nobody trades in the Jove regions or outside k-space. */
const emptyRegions = new Set([10000004, 10000017, 10000019]);
const firstRegionOutsideKnownSpace = 11_000_000;

const jitaTradeHub = 60003760;
const jitaTradeHubShare = 0.877;
const structureShare = 0.1;
/** In The Forge nearly everything is in stations. */
const forgeStructureShare = 0.03;
const structuresPerRegion = 4;

/** Prepares the draws of places for a universe. */
export function createLocations(random: Random, universe: Universe): Locations {
  const weights = [...universe.regions.keys()]
    .filter((regionId) => regionId < firstRegionOutsideKnownSpace && !emptyRegions.has(regionId))
    .map((regionId) => [regionId, regionWeights.get(regionId) ?? otherRegionWeight] as const);
  // A universe limited to odd regions must be able to hold contracts as well.
  const regions = weights.length > 0 ? weights : [...universe.regions.keys()].map((regionId) => [regionId, 1] as const);

  const stations = new Map<number, number[]>();
  const structures = new Map<number, number[]>();
  for (const regionId of universe.regions.keys()) {
    stations.set(regionId, []);
    structures.set(
      regionId,
      Array.from({ length: structuresPerRegion }, () => random.integer(1_020_000_000_000, 1_049_000_000_000)),
    );
  }

  const regionOf = (locationId: number) => {
    const systemId = universe.stations.get(locationId)?.system_id ?? locationId;
    const constellationId = universe.systems.get(systemId)?.constellation_id;
    return constellationId === undefined ? undefined : universe.constellations.get(constellationId)?.region_id;
  };
  for (const stationId of universe.stations.keys()) {
    stations.get(regionOf(stationId) ?? 0)?.push(stationId);
  }

  const drawRegion = () => random.weighted(regions);
  const drawIn = (regionId: number) => {
    const stationsHere = stations.get(regionId) ?? [];
    const isForge = stationsHere.includes(jitaTradeHub);
    if (isForge && random.chance(jitaTradeHubShare)) {
      return jitaTradeHub;
    }
    if (
      stationsHere.length === 0 ||
      random.chance(isForge ? forgeStructureShare / (1 - jitaTradeHubShare) : structureShare)
    ) {
      return random.pick(structures.get(regionId) ?? []);
    }
    return random.pick(stationsHere);
  };

  return {
    drawRegion,
    drawIn,
    drawElsewhere(otherThan) {
      let location = otherThan;
      while (location === otherThan) {
        // Any region with the same likelihood: parcels go to remote places.
        location = drawIn(random.pick(regions)[0]);
      }
      return location;
    },
    regionOf,
  };
}
