import type { GrowingUniverse } from './build.ts';
import { regions } from './regions.ts';
import { stations } from './stations.ts';
import { constellations, systems } from './systems.ts';
import type { Position } from './types.ts';

/** What an ordinary NPC station offers. */
const services = [
  'courier-missions',
  'reprocessing-plant',
  'market',
  'cloning',
  'repair-facilities',
  'factory',
  'labratory',
  'fitting',
  'insurance',
  'docking',
  'office-rental',
];

/** Adds the regions asked for with everything that lies in them. */
export function addPlaces(universe: GrowingUniverse, wanted: 'all' | number[]): void {
  for (const [region_id, name] of regions) {
    if (wanted === 'all' || wanted.includes(region_id)) {
      universe.regions.set(region_id, { region_id, name, constellations: [] });
      universe.names.set(region_id, { id: region_id, name, category: 'region' });
    }
  }
  const unknown = wanted === 'all' ? [] : wanted.filter((regionId) => !universe.regions.has(regionId));
  if (unknown.length > 0) {
    throw new RangeError(`The stand-in has no region ${unknown.join(', ')}.`);
  }

  for (const [constellation_id, name, region_id] of constellations) {
    const region = universe.regions.get(region_id);
    if (region !== undefined) {
      const position = positionOf(constellation_id);
      universe.constellations.set(constellation_id, { constellation_id, name, position, region_id, systems: [] });
      universe.names.set(constellation_id, { id: constellation_id, name, category: 'constellation' });
      region.constellations.push(constellation_id);
    }
  }
  for (const [system_id, name, constellation_id, security_status] of systems) {
    const constellation = universe.constellations.get(constellation_id);
    if (constellation !== undefined) {
      const position = positionOf(system_id);
      universe.systems.set(system_id, { system_id, name, constellation_id, position, security_status });
      universe.names.set(system_id, { id: system_id, name, category: 'solar_system' });
      constellation.systems.push(system_id);
    }
  }
  for (const [station_id, name, system_id, type_id, owner] of stations) {
    const system = universe.systems.get(system_id);
    if (system !== undefined) {
      universe.stations.set(station_id, {
        station_id,
        name,
        system_id,
        type_id,
        owner,
        position: positionOf(station_id),
        max_dockable_ship_volume: 50000000,
        office_rental_cost: 10000,
        reprocessing_efficiency: 0.5,
        reprocessing_stations_take: 0.05,
        services,
      });
      universe.names.set(station_id, { id: station_id, name, category: 'station' });
      // Systems without stations do not carry the field at all.
      system.stations = [...(system.stations ?? []), station_id];
    }
  }
}

/** A place that follows from the id; nothing depends on where it is. */
function positionOf(id: number): Position {
  return { x: (id % 9973) * 1.5e13, y: (id % 7919) * -2.25e12, z: (id % 6577) * 3.125e13 };
}
