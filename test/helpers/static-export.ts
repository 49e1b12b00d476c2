import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';
import { mutations } from '../fake-esi/universe/abyssal.ts';
import type { Universe } from '../fake-esi/universe/types.ts';

type Line = Readonly<Record<string, unknown>>;
/** The lines of each file of an export, by its name without `.jsonl`. */
export type ExportLines = Record<string, Line[]>;

export const build = 3_561_556;
export const releaseDate = '2026-09-30T11:07:12Z';

/** Attributes that mutaplasmids change in these tests. */
const cpu = 50;
const range = 54;
const locale = (en: string) => ({ de: `${en} (de)`, en, fr: `${en} (fr)` });
const values = <Row>(table: ReadonlyMap<number, Row>) => [...table.values()];

/** The static data export of the stand-in ESI's universe: the same objects in the export's format. */
export function exportOf(universe: Universe): ExportLines {
  const results = new Set(mutations.map(([result]) => result));
  const regionOf = new Map(values(universe.constellations).map((it) => [it.constellation_id, it.region_id]));
  return {
    _sde: [{ _key: 'sde', buildNumber: build, releaseDate }],
    types: values(universe.types).map((it) => ({
      _key: it.type_id,
      groupID: it.group_id,
      ...(it.market_group_id === undefined ? {} : { marketGroupID: it.market_group_id }),
      name: locale(it.name),
      portionSize: it.portion_size,
      published: it.published,
      volume: it.volume,
      packagedVolume: it.packaged_volume,
      ...(results.has(it.type_id) ? { isDynamicType: true, metaGroupID: 15 } : {}),
    })),
    groups: values(universe.groups).map((it) => ({
      _key: it.group_id,
      categoryID: it.category_id,
      name: locale(it.name),
      published: it.published,
    })),
    categories: values(universe.categories).map((it) => ({
      _key: it.category_id,
      name: locale(it.name),
      published: it.published,
    })),
    marketGroups: values(universe.marketGroups).map((it) => ({
      _key: it.market_group_id,
      hasTypes: it.types.length > 0,
      name: locale(it.name),
      ...(it.parent_group_id === undefined ? {} : { parentGroupID: it.parent_group_id }),
    })),
    metaGroups: [
      { _key: 1, name: locale('Tech I') },
      { _key: 15, name: locale('Abyssal') },
    ],
    mapRegions: values(universe.regions).map((it) => ({ _key: it.region_id, name: locale(it.name) })),
    mapConstellations: values(universe.constellations).map((it) => ({
      _key: it.constellation_id,
      regionID: it.region_id,
      name: locale(it.name),
    })),
    mapSolarSystems: values(universe.systems).map((it) => ({
      _key: it.system_id,
      constellationID: it.constellation_id,
      regionID: regionOf.get(it.constellation_id),
      name: locale(it.name),
      securityStatus: it.security_status,
    })),
    mapStargates: gatesBetween(values(universe.systems).map((it) => it.system_id)),
    npcStations: values(universe.stations).map((it) => ({ _key: it.station_id, solarSystemID: it.system_id })),
    dogmaUnits: [
      { _key: 1, name: 'Length', displayName: locale('m') },
      { _key: 106, name: 'CPU usage' },
    ],
    dogmaAttributes: [
      { _key: cpu, name: 'cpu', displayName: locale('CPU usage'), unitID: 106, highIsGood: false },
      { _key: range, name: 'maxRange', displayName: locale('Optimal Range'), unitID: 1, highIsGood: true },
      { _key: 4, name: 'mass', highIsGood: false },
    ].map((it) => ({ ...it, dataType: 4, defaultValue: 0, published: true, stackable: true })),
    typeDogma: values(universe.types).map((it) => ({
      _key: it.type_id,
      dogmaAttributes: [
        { attributeID: cpu, value: 20 },
        { attributeID: range, value: 10_000 },
        { attributeID: 4, value: 1 },
      ],
    })),
    dynamicItemAttributes: mutations.map(([result, source, mutator]) => ({
      _key: mutator,
      attributeIDs: [
        { _key: cpu, min: 0.8, max: 1.2 },
        { _key: range, min: 0.9, max: 1.4 },
      ],
      inputOutputMapping: [{ applicableTypes: [source], resultingType: result }],
    })),
  };
}

/** Each system is joined with the next one, there and back. */
function gatesBetween(systems: readonly number[]): Line[] {
  return systems.slice(1).flatMap((next, index) => {
    const previous = systems[index] ?? 0;
    const gate = 50_000_001 + index * 2;
    return [
      { _key: gate, solarSystemID: previous, destination: { solarSystemID: next, stargateID: gate + 1 } },
      { _key: gate + 1, solarSystemID: next, destination: { solarSystemID: previous, stargateID: gate } },
    ];
  });
}

/** The export as a zip. */
export async function zipOf(lines: ExportLines): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, rows] of Object.entries(lines)) {
    zip.addBuffer(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')), `${name}.jsonl`);
  }
  zip.end();
  return buffer(zip.outputStream);
}
