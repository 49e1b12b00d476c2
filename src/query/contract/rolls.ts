import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import { isAmongIds } from '../engine/conditions.ts';

/** An attribute that mutaplasmids change. */
export interface RolledAttribute {
  readonly attribute_id: number;
  /** Dogma's name; the id without static data. */
  readonly name: string;
}

/** The value of an attribute of a row of `rolls`. */
export const attributeValue = ({ attribute_id }: RolledAttribute): SQL => sql`(
  SELECT attribute.value FROM roll_attributes AS attribute
  WHERE attribute.item_id = rolls.item_id AND attribute.attribute_id = ${sql.raw(String(attribute_id))})`;

/** The source's value, which a mutaplasmid multiplies. If it is negative, the largest factor gives the lowest value. */
const lowest = sql`CASE WHEN source.value < 0 THEN source.value * span.max ELSE source.value * span.min END`;
const highest = sql`CASE WHEN source.value < 0 THEN source.value * span.min ELSE source.value * span.max END`;
const betterEnd = sql`COALESCE(span.high_is_good, meaning.high_is_good)`;
const fromWorseEnd = sql`CASE WHEN ${betterEnd} THEN attribute.value - (${lowest}) ELSE (${highest}) - attribute.value END`;

/**
 * The position of an attribute of a row of `rolls` in the mutaplasmid's range: from 0 to 100, 100 being the better end.
 * Null without static data, and for a range of zero width.
 */
export const attributeQuality = ({ attribute_id }: RolledAttribute): SQL => sql`(
  SELECT CASE WHEN (${highest}) <= (${lowest}) THEN NULL
    WHEN (${fromWorseEnd}) <= 0 THEN 0.0
    WHEN (${fromWorseEnd}) >= (${highest}) - (${lowest}) THEN 100.0
    ELSE 100 * (${fromWorseEnd}) / ((${highest}) - (${lowest})) END
  FROM roll_attributes AS attribute
  JOIN mutation_ranges AS span
    ON span.mutator_type_id = rolls.mutator_type_id AND span.attribute_id = attribute.attribute_id
  JOIN type_attributes AS source
    ON source.type_id = rolls.source_type_id AND source.attribute_id = attribute.attribute_id
  JOIN dogma_attributes AS meaning ON meaning.attribute_id = attribute.attribute_id
  WHERE attribute.item_id = rolls.item_id AND attribute.attribute_id = ${sql.raw(String(attribute_id))})`;

/** Whether the ranges of mutaplasmids are known, which only static data contains. */
export async function areRangesKnown(reader: Reader): Promise<boolean> {
  const [range] = await reader.all(sql`SELECT attribute_id FROM mutation_ranges LIMIT 1`);
  return range !== undefined;
}

/**
 * The attributes of rolls by name: those that mutaplasmids change, or without static data those of stored rolls.
 *
 * @param typeIds of modules; undefined for all
 */
export async function rolledAttributes(reader: Reader, typeIds?: readonly number[]): Promise<RolledAttribute[]> {
  const isOfType = typeIds === undefined ? sql`TRUE` : isAmongIds(sql`mutations.type_id`, typeIds);
  const known = await reader.all<RolledAttribute>(sql`
    SELECT attribute_id, name FROM dogma_attributes WHERE attribute_id IN (
      SELECT mutation_ranges.attribute_id FROM mutation_ranges
      JOIN mutations ON mutations.mutator_type_id = mutation_ranges.mutator_type_id AND ${isOfType})
    ORDER BY name, attribute_id`);
  if (known.length > 0 || (await areRangesKnown(reader))) return known;
  const rows = await reader.all<{ attribute_id: number }>(
    sql`SELECT DISTINCT attribute_id FROM roll_attributes ORDER BY attribute_id`,
  );
  return rows.map(({ attribute_id }) => ({ attribute_id, name: String(attribute_id) }));
}

/** A roll as shown with its item. */
interface ShownRoll {
  readonly source_type_id: number;
  readonly source_type_name: string | null;
  readonly mutator_type_id: number;
  readonly mutator_name: string | null;
  /** Values by attribute name, or by id without static data. */
  readonly attributes: Record<string, number>;
}

/** The rolls of modules by module id. */
export async function rollsOf(itemIds: readonly number[], reader: Reader): Promise<ReadonlyMap<number, ShownRoll>> {
  const known = await reader.all<Omit<ShownRoll, 'attributes'> & { readonly item_id: number }>(sql`
    SELECT item_id, source_type_id, source_type.name AS source_type_name, mutator_type_id, mutator.name AS mutator_name
    FROM rolls
    LEFT JOIN types AS source_type ON source_type.type_id = rolls.source_type_id
    LEFT JOIN types AS mutator ON mutator.type_id = rolls.mutator_type_id
    WHERE ${isAmongIds(sql`item_id`, itemIds)} AND rolls.fetched_at IS NOT NULL`);
  const rolls = new Map(
    known.map(({ item_id, ...roll }): [number, ShownRoll] => [item_id, { ...roll, attributes: {} }]),
  );
  if (rolls.size === 0) return rolls;
  const attributes = await reader.all<{
    item_id: number;
    attribute_id: number;
    name: string | null;
    value: number;
  }>(sql`
    SELECT item_id, roll_attributes.attribute_id AS attribute_id, name, value FROM roll_attributes
    LEFT JOIN dogma_attributes ON dogma_attributes.attribute_id = roll_attributes.attribute_id
    WHERE ${isAmongIds(sql`item_id`, [...rolls.keys()])} ORDER BY item_id, roll_attributes.attribute_id`);
  for (const { item_id, attribute_id, name, value } of attributes) {
    const roll = rolls.get(item_id);
    if (roll !== undefined) roll.attributes[name ?? String(attribute_id)] = value;
  }
  return rolls;
}
