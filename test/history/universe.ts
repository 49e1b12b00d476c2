import { instantAfter } from '../../src/time.ts';
import type { Value } from './target.ts';

export const now = new Date();
export const day = 86_400_000;
export const corporations = 2_000;
export const types = 15_000;
const materials = 20;
const firstShip = 4_000;
const frigates = 60;
const frigateGroup = 2_000;
const firstBlueprint = 4_400;
const blueprints = 6_000;
export const firstRegion = 10_000_001;
/** Regions whose lists show contracts; as in EVE, a few others show none. */
export const regions = 68;
export const sweptRegions = 71;
export const stations = 400;
export const issuers = 8_000;
const categories: readonly (readonly [id: number, name: string])[] = [
  [4, 'Material'],
  [6, 'Ship'],
  [7, 'Module'],
  [9, 'Blueprint'],
];
/** The lower a type's number here, the more often it is held: two ships and thirty blueprints in a hundred items. */
export const categoryOf = (index: number) =>
  index < materials
    ? 4
    : index < firstShip
      ? 7
      : index < firstBlueprint
        ? 6
        : index < firstBlueprint + blueprints
          ? 9
          : 7;
export const typeId = (index: number) => 500 + index;
const nameOf = (index: number) =>
  ({ 0: 'Tritanium', 100: 'Abyssal Stasis Webifier', [firstShip]: 'Rifter', [firstBlueprint]: 'Rifter Blueprint' })[
    index
  ] ?? `Type number ${index}`;

/** A type of mutated modules, what it is made of, what makes it, and the attribute that is changed. */
export const webifier = typeId(100);
export const [webifierSource, webifierMutator, maxRange] = [typeId(101), typeId(102), 54] as const;

/** Rows of the tables of reference data: types with groups and market groups, regions, stations, issuers. */
export function universe(): Record<string, Record<string, Value>[]> {
  const list = (length: number, row: (index: number) => Record<string, Value>) =>
    Array.from({ length }, (_, index) => row(index));
  const fetched = { fetched_at: instantAfter(now, -day) };
  // As long as ESI's answers are on average.
  const response = JSON.stringify({ description: 'x'.repeat(1_500) });
  return {
    categories: categories.map(([category_id, name]) => ({ category_id, name, ...fetched })),
    groups: list(400, (index) => ({
      group_id: index,
      category_id: categoryOf((index % 100) * (types / 100)),
      name: `Group ${index}`,
      ...fetched,
    })).concat(
      categories.map(([category_id, name]) => ({
        group_id: 1_000 + category_id,
        category_id,
        name: `All of ${name}`,
        ...fetched,
      })),
      [{ group_id: frigateGroup, category_id: 6, name: 'Frigate', ...fetched }],
    ),
    types: list(types, (index) => ({
      type_id: typeId(index),
      group_id: index >= firstShip && index < firstShip + frigates ? frigateGroup : 1_000 + categoryOf(index),
      market_group_id: index % 2_000,
      published: true,
      is_dynamic: typeId(index) === webifier,
      name: nameOf(index),
      response,
      ...fetched,
    })),
    market_groups: list(2_000, (index) => ({
      market_group_id: index,
      parent_group_id: index < 20 ? null : Math.floor(index / 10),
      name: `Market group ${index}`,
      ...fetched,
    })),
    regions: list(sweptRegions, (index) => ({
      region_id: firstRegion + index,
      name: ['The Forge', 'Domain'][index] ?? `Region ${index}`,
      response: JSON.stringify({ constellations: [20_000_000 + index] }),
      ...fetched,
    })),
    systems: list(stations, (index) => ({
      system_id: 30_000_000 + index,
      constellation_id: 20_000_000 + (index % regions),
      name: index === 0 ? 'Jita' : `System ${index}`,
      ...fetched,
    })),
    locations: list(stations, (index) => ({
      location_id: 60_000_000 + index,
      system_id: 30_000_000 + index,
      name: `Station ${index}`,
      ...fetched,
    })),
    market_prices: list(types, (index) => ({ type_id: typeId(index), average_price: 1 + index })),
    dogma_attributes: [{ attribute_id: maxRange, name: 'maxRange', high_is_good: true }],
    mutations: [{ mutator_type_id: webifierMutator, source_type_id: webifierSource, type_id: webifier }],
    mutation_ranges: [{ mutator_type_id: webifierMutator, attribute_id: maxRange, min: 0.9, max: 1.4 }],
    type_attributes: [{ type_id: webifierSource, attribute_id: maxRange, value: 10_000 }],
    names: [
      ...list(issuers, (index) => ({
        id: 90_000_000 + index,
        category: 'character',
        name: `Issuer ${index}`,
        ...fetched,
      })),
      ...list(corporations, (index) => ({
        id: 98_000_000 + index,
        category: 'corporation',
        name: `Corp ${index}`,
        ...fetched,
      })),
    ],
  };
}
