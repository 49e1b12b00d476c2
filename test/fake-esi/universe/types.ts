/** Contract types of the public routes. */
export type ContractType = 'unknown' | 'item_exchange' | 'auction' | 'courier' | 'loan';

/** Body of `/universe/regions/{region_id}`. */
export interface Region {
  region_id: number;
  name: string;
  constellations: number[];
}

/** A place in space, in metres. */
export interface Position {
  x: number;
  y: number;
  z: number;
}

/** Body of `/universe/constellations/{constellation_id}`. */
export interface Constellation {
  constellation_id: number;
  name: string;
  position: Position;
  region_id: number;
  systems: number[];
}

/** Body of `/universe/systems/{system_id}`. */
export interface SolarSystem {
  system_id: number;
  name: string;
  constellation_id: number;
  position: Position;
  /** From -1 to 1. */
  security_status: number;
  stations?: number[];
}

/** Body of `/universe/stations/{station_id}`. */
export interface Station {
  station_id: number;
  name: string;
  system_id: number;
  type_id: number;
  owner?: number;
  position: Position;
  /** Cubic metres. */
  max_dockable_ship_volume: number;
  /** ISK a month. */
  office_rental_cost: number;
  reprocessing_efficiency: number;
  reprocessing_stations_take: number;
  services: string[];
}

/** Body of `/universe/types/{type_id}`. */
export interface ItemType {
  type_id: number;
  name: string;
  description: string;
  group_id: number;
  market_group_id?: number;
  published: boolean;
  portion_size: number;
  /** Cubic metres, assembled. */
  volume: number;
  /** Cubic metres, repackaged. */
  packaged_volume: number;
  dogma_attributes: DogmaAttribute[];
  dogma_effects: DogmaEffect[];
}

/** A number that the game's rules use, such as a volume or a bonus. */
export interface DogmaAttribute {
  attribute_id: number;
  value: number;
}

/** Something that a type does. */
export interface DogmaEffect {
  effect_id: number;
  is_default: boolean;
}

/** Body of `/dogma/dynamic/items/{type_id}/{item_id}`. */
export interface DynamicItem {
  created_by: number;
  dogma_attributes: DogmaAttribute[];
  dogma_effects: DogmaEffect[];
  mutator_type_id: number;
  source_type_id: number;
}

/** Body of `/universe/groups/{group_id}`. */
export interface Group {
  group_id: number;
  name: string;
  category_id: number;
  published: boolean;
  types: number[];
}

/** Body of `/universe/categories/{category_id}`. */
export interface Category {
  category_id: number;
  name: string;
  published: boolean;
  groups: number[];
}

/** Body of `/markets/groups/{market_group_id}`. */
export interface MarketGroup {
  market_group_id: number;
  name: string;
  description: string;
  parent_group_id?: number;
  types: number[];
}

/** A row of the answer of `/universe/names`. */
export interface NameRow {
  id: number;
  name: string;
  category: 'character' | 'corporation' | 'constellation' | 'inventory_type' | 'region' | 'solar_system' | 'station';
}

/** A row of the answer of `/markets/prices`. */
export interface PriceRow {
  type_id: number;
  average_price?: number;
  adjusted_price?: number;
}

/** Everything static that the server knows, by id; the values are the bodies served. */
export interface Universe {
  readonly regions: ReadonlyMap<number, Region>;
  readonly constellations: ReadonlyMap<number, Constellation>;
  readonly systems: ReadonlyMap<number, SolarSystem>;
  readonly stations: ReadonlyMap<number, Station>;
  readonly types: ReadonlyMap<number, ItemType>;
  readonly groups: ReadonlyMap<number, Group>;
  readonly categories: ReadonlyMap<number, Category>;
  readonly marketGroups: ReadonlyMap<number, MarketGroup>;
  /** What `/universe/names` resolves, issuers included. */
  readonly names: ReadonlyMap<number, NameRow>;
  /** By type; tests may change them. */
  readonly prices: Map<number, PriceRow>;
}
