import { sql } from 'drizzle-orm';
import { rolledAttributes } from '../../query/contract/rolls.ts';
import { flagOf } from '../../query/engine/filter.ts';
import { subjects } from '../../query/subjects/subjects.ts';
import type { Reader } from '../../store/reader.ts';

/** The kinds of names that a flag takes, where there are few enough to offer. */
const named = new Map(
  subjects
    .flatMap(({ filters }) => filters)
    .flatMap((filter) => {
      const { names } = filter;
      return names === undefined || names.areMany === true ? [] : [[flagOf(filter), names] as const];
    }),
);

/** Filters whose values begin with an attribute's name. */
const ofAttributes: readonly string[] = ['--attr', '--quality'];

/** Whether the values of a flag are names in the database. */
export function hasNames(flag: string): boolean {
  return named.has(flag) || ofAttributes.includes(flag);
}

/**
 * The names in the database for a flag, sorted.
 *
 * @param typed flags and values so far: attributes are limited to those of the selected item
 */
export async function namesFor(
  flag: string,
  reader: Reader,
  typed: ReadonlyMap<string, string> = new Map(),
): Promise<string[]> {
  if (ofAttributes.includes(flag)) return attributeBounds(typed.get('--item'), reader);
  const kind = named.get(flag);
  if (kind === undefined) return [];
  const rows = await reader.all<{ name: string }>(sql`SELECT DISTINCT name FROM (${kind.named}) AS known`);
  return rows.map(({ name }) => name).sort();
}

async function attributeBounds(item: string | undefined, reader: Reader): Promise<string[]> {
  const isMeant = sql`lower(name) = ${item?.toLowerCase()} OR CAST(type_id AS text) = ${item}`;
  const types =
    item === undefined ? [] : await reader.all<{ type_id: number }>(sql`SELECT type_id FROM types WHERE ${isMeant}`);
  const ids = types.length === 0 ? undefined : types.map(({ type_id }) => type_id);
  return (await rolledAttributes(reader, ids)).map(({ name }) => `${name}>=`);
}
