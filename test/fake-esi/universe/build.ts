import { abyssalModules, mutaplasmids } from './abyssal.ts';
import { blueprintMarketGroups } from './blueprint-market-groups.ts';
import { blueprints } from './blueprints.ts';
import type { NameFact, TypeFact } from './facts.ts';
import { goods } from './goods.ts';
import { categories, groups } from './groups.ts';
import { marketGroups } from './market-groups.ts';
import { modules } from './modules.ts';
import { addPlaces } from './places.ts';
import { shipMarketGroups } from './ship-market-groups.ts';
import { ships } from './ships.ts';
import { npcCorporations, stationTypes } from './stations.ts';
import { addSyntheticTypes } from './synthetic.ts';
import type { Category, Group, ItemType, MarketGroup, NameRow, PriceRow, Universe } from './types.ts';

/** A universe whose tables can still grow. */
export type GrowingUniverse = {
  [Table in keyof Universe]: Universe[Table] extends ReadonlyMap<number, infer Row> ? Map<number, Row> : never;
};

/** Attribute of a type that says its volume. */
const volumeAttribute = 161;
/** Attribute of a type that says its meta group, and the meta group of mutated modules. */
const metaGroupAttribute = 1692;
const abyssalMetaGroup = 15;

/** Builds the bodies of all static routes from the tables of this folder. */
export function buildUniverse(options: { regions: 'all' | number[]; syntheticTypes: number }): GrowingUniverse {
  const universe: GrowingUniverse = {
    regions: new Map(),
    constellations: new Map(),
    systems: new Map(),
    stations: new Map(),
    types: new Map<number, ItemType>(),
    groups: new Map<number, Group>(),
    categories: new Map<number, Category>(),
    marketGroups: new Map<number, MarketGroup>(),
    names: new Map<number, NameRow>(),
    prices: new Map<number, PriceRow>(),
  };
  addPlaces(universe, options.regions);

  for (const [category_id, name] of categories) {
    universe.categories.set(category_id, { category_id, name, published: true, groups: [] });
  }
  for (const [group_id, name, category_id] of groups) {
    universe.groups.set(group_id, { group_id, name, category_id, published: true, types: [] });
    universe.categories.get(category_id)?.groups.push(group_id);
  }
  for (const [market_group_id, name, parent] of [...marketGroups, ...shipMarketGroups, ...blueprintMarketGroups]) {
    universe.marketGroups.set(market_group_id, {
      market_group_id,
      name,
      description: `Everything that the market sells as ${name}.`,
      ...(parent === null ? {} : { parent_group_id: parent }),
      types: [],
    });
  }
  for (const fact of [...ships, ...modules, ...goods, ...abyssalModules, ...mutaplasmids, ...stationTypes]) {
    addType(universe, fact);
  }
  for (const [typeId, productTypeId, groupId, marketGroupId] of blueprints) {
    const product = universe.types.get(productTypeId);
    addType(universe, [typeId, `${product?.name} Blueprint`, groupId, marketGroupId, 0.01]);
  }
  addSyntheticTypes(universe, options.syntheticTypes, addType);

  for (const { type_id, market_group_id } of universe.types.values()) {
    // What the market does not sell has no price, and some types nobody has traded for long.
    if (market_group_id === undefined) continue;
    const adjusted_price = ((type_id * 7_919) % 1_000_003) + 0.25;
    const average = type_id % 29 === 0 ? {} : { average_price: Number((adjusted_price * 1.1).toFixed(2)) };
    universe.prices.set(type_id, { type_id, adjusted_price, ...average });
  }
  for (const [id, name] of npcCorporations satisfies readonly NameFact[]) {
    universe.names.set(id, { id, name, category: 'corporation' });
  }
  return universe;
}

const mutatedTypeIds = new Set(abyssalModules.map(([typeId]) => typeId));

function addType(universe: GrowingUniverse, [type_id, name, group_id, marketGroupId, volume]: TypeFact): void {
  universe.types.set(type_id, {
    type_id,
    name,
    description: `What a pilot would want to know about ${name}.`,
    group_id,
    ...(marketGroupId === null ? {} : { market_group_id: marketGroupId }),
    published: true,
    portion_size: 1,
    volume,
    packaged_volume: packagedVolumes.get(group_id) ?? volume,
    dogma_attributes: [
      { attribute_id: volumeAttribute, value: volume },
      ...(mutatedTypeIds.has(type_id) ? [{ attribute_id: metaGroupAttribute, value: abyssalMetaGroup }] : []),
    ],
    dogma_effects: [],
  });
  universe.groups.get(group_id)?.types.push(type_id);
  if (marketGroupId !== null) {
    universe.marketGroups.get(marketGroupId)?.types.push(type_id);
  }
  universe.names.set(type_id, { id: type_id, name, category: 'inventory_type' });
}

/** Volumes of repackaged hulls by group, in cubic metres; other things do not shrink. */
const packagedVolumes: ReadonlyMap<number, number> = new Map([
  [25, 2500],
  [26, 10000],
  [27, 50000],
  [28, 20000],
  [324, 2500],
  [358, 10000],
  [380, 20000],
  [419, 15000],
  [420, 5000],
  [463, 3750],
  [485, 1300000],
  [513, 1300000],
  [541, 5000],
  [543, 3750],
  [547, 1300000],
  [830, 2500],
  [831, 2500],
  [832, 10000],
  [834, 2500],
  [898, 50000],
  [900, 50000],
  [902, 1300000],
  [963, 5000],
  [1202, 20000],
  [1305, 5000],
]);
