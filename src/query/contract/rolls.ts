import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import { isAmongIds } from '../engine/conditions.ts';

/** An attribute that modules are rolled by. */
export interface RolledAttribute {
  readonly attribute_id: number;
  /** Dogma's name; the id where no static data tells it. */
  readonly name: string;
}

/** The value of an attribute of a row of `rolls`. */
export const attributeValue = ({ attribute_id }: RolledAttribute): SQL => sql`(
  SELECT attribute.value FROM roll_attributes AS attribute
  WHERE attribute.item_id = rolls.item_id AND attribute.attribute_id = ${sql.raw(String(attribute_id))})`;

/** The source's value, which a mutaplasmid multiplies; below zero, its largest factor leads to the lowest value. */
const lowest = sql`CASE WHEN source.value < 0 THEN source.value * span.max ELSE source.value * span.min END`;
const highest = sql`CASE WHEN source.value < 0 THEN source.value * span.min ELSE source.value * span.max END`;
const betterEnd = sql`COALESCE(span.high_is_good, meaning.high_is_good)`;
const fromWorseEnd = sql`CASE WHEN ${betterEnd} THEN attribute.value - (${lowest}) ELSE (${highest}) - attribute.value END`;

/**
 * Where in the mutaplasmid's range an attribute of a row of `rolls` lies: from 0 to 100, 100 being the better end. Null
 * without static data, and where the range is a point.
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

/**
 * The attributes that modules are rolled by, by name: with static data those that mutaplasmids change, otherwise all that
 * rolls have.
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
  if (known.length > 0) return known;
  const rows = await reader.all<{ attribute_id: number }>(
    sql`SELECT DISTINCT attribute_id FROM roll_attributes ORDER BY attribute_id`,
  );
  return rows.map(({ attribute_id }) => ({ attribute_id, name: String(attribute_id) }));
}
