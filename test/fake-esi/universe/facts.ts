/*
 * The shapes of the tables in this folder. Ids, names and volumes are those of EVE Online's static data; the tables hold
 * only a small part of it, closed under reference: every id that a row mentions has a row of its own.
 */

/** A region. */
export type RegionFact = readonly [regionId: number, name: string];

/** A constellation. */
export type ConstellationFact = readonly [constellationId: number, name: string, regionId: number];

/** A solar system with its true security, from -1 to 1. */
export type SystemFact = readonly [systemId: number, name: string, constellationId: number, security: number];

/** An NPC station with its own type and the corporation that owns it. */
export type StationFact = readonly [
  stationId: number,
  name: string,
  systemId: number,
  typeId: number,
  corporationId: number,
];

/** A category of groups. */
export type CategoryFact = readonly [categoryId: number, name: string];

/** A group of types. */
export type GroupFact = readonly [groupId: number, name: string, categoryId: number];

/** A market group; roots have no parent. */
export type MarketGroupFact = readonly [marketGroupId: number, name: string, parentGroupId: number | null];

/** A type, with its volume in cubic metres; types that cannot be sold on the market have no market group. */
export type TypeFact = readonly [
  typeId: number,
  name: string,
  groupId: number,
  marketGroupId: number | null,
  volume: number,
];

/** A blueprint. Its name is that of its product and the word Blueprint. */
export type BlueprintFact = readonly [
  blueprintTypeId: number,
  productTypeId: number,
  groupId: number,
  marketGroupId: number | null,
];

/** A corporation or character that is known by name. */
export type NameFact = readonly [id: number, name: string];
