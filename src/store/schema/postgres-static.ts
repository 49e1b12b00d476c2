import { boolean, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { integer, real, text } from './postgres-columns.ts';

/**
 * The tables of static data, filled by `import sde`, and others that describe the game instead of contracts. Each
 * import replaces their rows; without one they are empty.
 */

export const metaGroups = pgTable('meta_groups', {
  meta_group_id: integer('meta_group_id').primaryKey(),
  name: text('name').notNull(),
});

export const stargates = pgTable('stargates', {
  stargate_id: integer('stargate_id').primaryKey(),
  system_id: integer('system_id').notNull(),
  destination_system_id: integer('destination_system_id').notNull(),
});

/** The systems of NPC stations; `locations` has the stations of contracts. */
export const stations = pgTable('stations', {
  station_id: integer('station_id').primaryKey(),
  system_id: integer('system_id').notNull(),
});

export const dogmaAttributes = pgTable('dogma_attributes', {
  attribute_id: integer('attribute_id').primaryKey(),
  name: text('name').notNull(),
  display_name: text('display_name'),
  /** The unit as the game shows it after a value: `m`, `%`. */
  unit_name: text('unit_name'),
  high_is_good: boolean('high_is_good').notNull(),
});

/** The attributes of mutable types that a mutaplasmid changes. */
export const typeAttributes = pgTable(
  'type_attributes',
  {
    type_id: integer('type_id').notNull(),
    attribute_id: integer('attribute_id').notNull(),
    value: real('value').notNull(),
  },
  (table) => [primaryKey({ columns: [table.type_id, table.attribute_id] })],
);

/** The resulting type of a mutaplasmid applied to a source type. */
export const mutations = pgTable(
  'mutations',
  {
    mutator_type_id: integer('mutator_type_id').notNull(),
    source_type_id: integer('source_type_id').notNull(),
    type_id: integer('type_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.mutator_type_id, table.source_type_id] })],
);

/** A mutaplasmid multiplies an attribute of the source type by a factor between `min` and `max`. */
export const mutationRanges = pgTable(
  'mutation_ranges',
  {
    mutator_type_id: integer('mutator_type_id').notNull(),
    attribute_id: integer('attribute_id').notNull(),
    min: real('min').notNull(),
    max: real('max').notNull(),
    /** Overrides the attribute's `high_is_good` for this range; null for no override. */
    high_is_good: boolean('high_is_good'),
  },
  (table) => [primaryKey({ columns: [table.mutator_type_id, table.attribute_id] })],
);

/** The routes of couriers by stargates, each computed once from static data. */
export const routes = pgTable(
  'routes',
  {
    start_system_id: integer('start_system_id').notNull(),
    end_system_id: integer('end_system_id').notNull(),
    /** Jumps on the shortest route; null without a route. */
    jumps: integer('jumps'),
    /** Jumps on the shortest route through high security only, ends included; null without one. */
    jumps_secure: integer('jumps_secure'),
    /** Lowest security on the shortest route, ends included. */
    lowest_security: real('lowest_security'),
  },
  (table) => [primaryKey({ columns: [table.start_system_id, table.end_system_id] })],
);

/** ESI's market prices of types: `/markets/prices`, replaced as a whole. */
export const marketPrices = pgTable('market_prices', {
  type_id: integer('type_id').primaryKey(),
  average_price: real('average_price'),
  adjusted_price: real('adjusted_price'),
});
