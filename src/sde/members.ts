import * as z from 'zod';
import type { StaticRows } from '../eve/static-data.ts';

/** A file of the export, and how its lines are read. */
export interface Member {
  readonly name: string;
  /** @returns what is wrong with the line; undefined if it was accepted */
  take(line: unknown, rows: StaticRows): string | undefined;
}

const key = z.int().positive();
/** Texts come in eight languages; English is the language of ESI's answers. */
const localized = z.object({ en: z.string() }).transform(({ en }) => en);
const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.optional().transform((value): z.output<Schema> | null => value ?? null);

function member<Line>(name: string, schema: z.ZodType<Line>, take: (line: Line, rows: StaticRows) => void): Member {
  return {
    name,
    take(line, rows) {
      const parsed = schema.safeParse(line);
      if (parsed.success) {
        take(parsed.data, rows);
        return undefined;
      }
      const [issue] = parsed.error.issues;
      return `${issue?.path.join('.') || 'the line'}: ${issue?.message}`;
    },
  };
}

const buildSchema = z.object({
  _key: z.string(),
  buildNumber: z.int().positive(),
  releaseDate: orNull(z.iso.datetime({ offset: true })),
});

/** The record with an export's build, in `_sde.jsonl` and in `latest.jsonl`; undefined for other lines. */
export function buildIn(line: unknown) {
  const { data } = buildSchema.safeParse(line);
  return data?._key === 'sde' ? { build: data.buildNumber, released_at: data.releaseDate } : undefined;
}

const mutaplasmidSchema = z.object({
  _key: key,
  attributeIDs: z.array(z.object({ _key: key, min: z.number(), max: z.number(), highIsGood: orNull(z.boolean()) })),
  inputOutputMapping: z.array(z.object({ applicableTypes: z.array(key), resultingType: key })),
});

const typeSchema = z.object({
  _key: key,
  name: localized,
  groupID: key,
  marketGroupID: orNull(key),
  metaGroupID: orNull(key),
  published: z.boolean(),
  volume: orNull(z.number()),
  packagedVolume: orNull(z.number()),
  isDynamicType: orNull(z.boolean()),
});

const named = z.object({ _key: key, name: localized });

/**
 * The files that are read, in this order: mutaplasmids come first, because they determine what is read from later ones.
 */
export function members(): readonly Member[] {
  const sources = new Set<number>();
  const results = new Set<number>();
  const mutated = new Set<number>();
  const units = new Map<number, string>();
  return [
    member('dynamicItemAttributes', mutaplasmidSchema, ({ _key, attributeIDs, inputOutputMapping }, rows) => {
      for (const { _key: attribute_id, min, max, highIsGood } of attributeIDs) {
        rows.mutation_ranges.push({ mutator_type_id: _key, attribute_id, min, max, high_is_good: highIsGood });
        mutated.add(attribute_id);
      }
      for (const { applicableTypes, resultingType } of inputOutputMapping) {
        results.add(resultingType);
        for (const source of applicableTypes) {
          sources.add(source);
          rows.mutations.push({ mutator_type_id: _key, source_type_id: source, type_id: resultingType });
        }
      }
    }),
    member(
      'typeDogma',
      z.object({ _key: key, dogmaAttributes: z.array(z.object({ attributeID: key, value: z.number() })) }),
      ({ _key, dogmaAttributes }, rows) => {
        if (!sources.has(_key)) return;
        for (const { attributeID, value } of dogmaAttributes) {
          if (mutated.has(attributeID)) rows.type_attributes.push({ type_id: _key, attribute_id: attributeID, value });
        }
      },
    ),
    member(
      'dogmaUnits',
      z.object({ _key: key, name: z.string(), displayName: orNull(localized) }),
      ({ _key, name, displayName }) => void units.set(_key, displayName ?? name),
    ),
    member(
      'dogmaAttributes',
      z.object({
        _key: key,
        name: z.string(),
        displayName: orNull(localized),
        unitID: orNull(key),
        highIsGood: z.boolean(),
      }),
      ({ _key, name, displayName, unitID, highIsGood }, rows) => {
        const unit_name = unitID === null ? null : (units.get(unitID) ?? null);
        const texts = { name, display_name: displayName, unit_name };
        rows.dogma_attributes.push({ attribute_id: _key, ...texts, high_is_good: highIsGood });
      },
    ),
    member('types', typeSchema, (line, rows) => {
      rows.types.push({
        type_id: line._key,
        name: line.name,
        group_id: line.groupID,
        market_group_id: line.marketGroupID,
        meta_group_id: line.metaGroupID,
        published: line.published,
        volume: line.volume,
        packaged_volume: line.packagedVolume,
        // Types have this field only since August 2026.
        is_dynamic: line.isDynamicType ?? results.has(line._key),
      });
    }),
    member(
      'groups',
      z.object({ _key: key, name: localized, categoryID: key, published: z.boolean() }),
      ({ _key, name, categoryID, published }, rows) =>
        void rows.groups.push({ group_id: _key, name, category_id: categoryID, published }),
    ),
    member(
      'categories',
      z.object({ _key: key, name: localized, published: z.boolean() }),
      ({ _key, name, published }, rows) => void rows.categories.push({ category_id: _key, name, published }),
    ),
    member(
      'marketGroups',
      z.object({ _key: key, name: localized, parentGroupID: orNull(key) }),
      ({ _key, name, parentGroupID }, rows) =>
        void rows.market_groups.push({ market_group_id: _key, name, parent_group_id: parentGroupID }),
    ),
    member('metaGroups', named, ({ _key, name }, rows) => void rows.meta_groups.push({ meta_group_id: _key, name })),
    member('mapRegions', named, ({ _key, name }, rows) => void rows.regions.push({ region_id: _key, name })),
    member(
      'mapConstellations',
      named,
      ({ _key, name }, rows) => void rows.names.push({ id: _key, name, category: 'constellation' }),
    ),
    member(
      'mapSolarSystems',
      z.object({ _key: key, name: localized, constellationID: key, regionID: key, securityStatus: z.number() }),
      ({ _key, name, constellationID, regionID, securityStatus }, rows) => {
        const place = { constellation_id: constellationID, region_id: regionID };
        rows.systems.push({ system_id: _key, name, ...place, security_status: securityStatus });
      },
    ),
    member(
      'mapStargates',
      z.object({ _key: key, solarSystemID: key, destination: z.object({ solarSystemID: key }) }),
      ({ _key, solarSystemID, destination }, rows) => {
        const ends = { system_id: solarSystemID, destination_system_id: destination.solarSystemID };
        rows.stargates.push({ stargate_id: _key, ...ends });
      },
    ),
    member(
      'npcStations',
      z.object({ _key: key, solarSystemID: key }),
      ({ _key, solarSystemID }, rows) => void rows.stations.push({ station_id: _key, system_id: solarSystemID }),
    ),
  ];
}
