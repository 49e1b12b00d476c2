import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import { blueprintCategoryId, shipCategoryId, systems } from '../eve/id-ranges.ts';
import { didYouMean, nearestAtAll } from '../nearest.ts';
import type { Reader } from '../store/store.ts';
import { containing, parseId } from './values.ts';

interface NamedRow {
  readonly id: number;
  readonly name: string;
}

/** Something that can be named in a filter. */
export interface Nameable {
  /** For messages. */
  readonly what: string;
  /** A query for all of them: columns `id` and `name`, no name null. */
  readonly named: SQL;
  /** A query for all ids that there are, where the database knows them all: a column `id`. */
  readonly everyId?: SQL;
  /** A query for what bears such an id and is something else: columns `id` and `name`. */
  readonly others?: SQL;
  /** The names in full, where a name alone does not tell two of them apart. */
  readonly inFull?: (rows: readonly NamedRow[], reader: Reader) => Promise<NamedRow[]>;
}

const inTable = (what: string, table: SQL, id: SQL, condition = sql`TRUE`): Nameable => ({
  what,
  named: sql`SELECT ${id} AS id, name FROM ${table} WHERE name IS NOT NULL AND ${condition}`,
});

function namesOf(what: string, category: string): Nameable {
  return {
    ...inTable(what, sql`names`, sql`id`, sql`category = ${category}`),
    others: sql`SELECT id, name FROM names WHERE name IS NOT NULL AND category <> ${category}`,
  };
}

function typesOf(what: string, categoryId: number): Nameable {
  return {
    ...inTable(
      what,
      sql`types`,
      sql`type_id`,
      sql`group_id IN (SELECT groups.group_id FROM groups WHERE groups.category_id = ${categoryId})`,
    ),
    others: sql`
      SELECT types.type_id AS id, types.name FROM types JOIN groups ON groups.group_id = types.group_id
      WHERE types.name IS NOT NULL AND groups.category_id <> ${categoryId}`,
  };
}

/** Stations, and the systems in whose space one of these contracts starts or ends; elsewhere its stations are meant. */
function placesNamed(location: SQL, condition: SQL): Nameable {
  return {
    what: 'location',
    named: sql`
      SELECT location_id AS id, name FROM locations WHERE name IS NOT NULL
      UNION ALL SELECT system_id, name FROM systems WHERE name IS NOT NULL AND system_id IN (
        SELECT ${location} FROM contracts WHERE ${condition} AND ${location} BETWEEN ${systems.first} AND ${systems.last})`,
  };
}

/** A name that several types bear means all of them. */
export const nameable = {
  type: inTable('type', sql`types`, sql`type_id`),
  ship: typesOf('ship', shipCategoryId),
  blueprint: typesOf('blueprint', blueprintCategoryId),
  group: inTable('group', sql`groups`, sql`group_id`),
  category: inTable('category', sql`categories`, sql`category_id`),
  region: { ...inTable('region', sql`regions`, sql`region_id`), everyId: sql`SELECT region_id AS id FROM regions` },
  system: inTable('system', sql`systems`, sql`system_id`),
  location: placesNamed(sql`start_location_id`, sql`gone_at IS NULL`),
  endLocation: placesNamed(sql`end_location_id`, sql`gone_at IS NULL AND type = 'courier'`),
  issuer: namesOf('issuer', 'character'),
  corporation: namesOf('corporation', 'corporation'),
  marketGroup: { ...inTable('market group', sql`market_groups`, sql`market_group_id`), inFull: withParents },
} as const satisfies Record<string, Nameable>;

/** Candidates that an error lists at most. */
const mostListed = 10;

/**
 * Ids of what is meant: ids as they are, and names in any case. A name in full wins over the beginning of one, and that
 * over a part of one; where several fit equally well, none is guessed.
 *
 * @throws {UsageError} when nothing, or more than one thing, bears the name
 */
export async function idsOf(
  texts: readonly string[],
  kind: Nameable,
  flag: string,
  { reader }: { readonly reader: Reader },
): Promise<number[]> {
  const ids = new Set<number>();
  for (const text of texts.map((typed) => typed.trim())) {
    const isId = /^\d+$/.test(text);
    const found = isId ? [parseId(text, flag)] : await idsNamed(text, kind, flag, reader);
    if (isId) await requireOneOf(kind, found[0] ?? 0, flag, reader);
    for (const id of found) ids.add(id);
  }
  return [...ids];
}

/** Ids that mean nothing would find nothing, and look like an answer. */
async function requireOneOf({ what, everyId, others }: Nameable, id: number, flag: string, reader: Reader) {
  if (others !== undefined) {
    const [other] = await reader.all<NamedRow>(sql`SELECT id, name FROM (${others}) AS others WHERE id = ${id}`);
    if (other !== undefined) throw new UsageError(`${flag}: ${id} is no ${what}, it is "${other.name}"`);
  }
  if (everyId !== undefined) {
    const every = await reader.all<{ id: number }>(everyId);
    // Before the first pass none is known.
    if (every.length > 0 && !every.some((known) => known.id === id)) {
      throw new UsageError(`${flag}: there is no ${what} with the id ${id}`);
    }
  }
}

async function idsNamed(text: string, kind: Nameable, flag: string, reader: Reader): Promise<number[]> {
  const candidates = text === '' ? [] : await candidatesFor(text, kind, reader);
  const rows = (await kind.inFull?.(candidates, reader)) ?? candidates;
  const best = bestOf(text, rows, candidates);
  const names = [...new Map(best.map(({ name }) => [name.toLowerCase(), name])).values()].toSorted();
  if (names.length === 1) return best.map(({ id }) => id);
  if (names.length > 1) {
    const listed = names.slice(0, mostListed).map((name) => `"${name}"`);
    const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : '';
    throw new UsageError(
      `${flag}: several fit ${kind.what} "${text}": ${listed.join(', ')}${more}; say which, or its id`,
    );
  }
  const all = (await reader.all<NamedRow>(kind.named)).map(({ name }) => name);
  const hint = all.length === 0 ? '; no names are known yet, run: hangarbay aggregate' : '';
  throw new UsageError(`${flag}: there is no ${kind.what} "${text}"${didYouMean(nearestAtAll(text, all))}${hint}`);
}

/** Rows whose name contains the text, and perhaps others. */
function candidatesFor(text: string, { named, inFull }: Nameable, reader: Reader): Promise<NamedRow[]> {
  // The databases fold ASCII alike and nothing else; whatever has other letters is left to JavaScript.
  const isPlain = /^[\u0020-\u007E]+$/.test(text) && inFull === undefined;
  const condition = isPlain ? sql`lower(name) LIKE ${containing(text.toLowerCase())} ESCAPE '\\'` : sql`TRUE`;
  return reader.all<NamedRow>(sql`SELECT id, name FROM (${named}) AS named WHERE ${condition}`);
}

/** The rows that fit best, by their own name or by their name in full. */
function bestOf(text: string, inFull: readonly NamedRow[], rows: readonly NamedRow[]): NamedRow[] {
  const folded = text.toLowerCase();
  const names = inFull.map((row, index) => ({
    row,
    full: row.name.toLowerCase(),
    own: rows[index]?.name.toLowerCase() ?? '',
  }));
  const ways: ((name: { readonly full: string; readonly own: string }) => boolean)[] = [
    // What an error lists, typed as it is listed, always means just that.
    ({ full }) => full === folded,
    ({ own }) => own === folded,
    ({ full, own }) => full.startsWith(folded) || own.startsWith(folded),
    ({ full, own }) => full.includes(folded) || own.includes(folded),
  ];
  for (const fits of ways) {
    const found = names.filter(fits);
    if (found.length > 0) return found.map(({ row }) => row);
  }
  return [];
}

/** Market groups with all their parents, since many share a name: `Ships > Frigates > Standard Frigates`. */
async function withParents(rows: readonly NamedRow[], reader: Reader): Promise<NamedRow[]> {
  const groups = await reader.all<NamedRow & { parent_id: number | null }>(
    sql`SELECT market_group_id AS id, parent_group_id AS parent_id, name FROM market_groups WHERE name IS NOT NULL`,
  );
  const byId = new Map(groups.map((group) => [group.id, group]));
  return rows.map(({ id, name }) => {
    const path = [name];
    const seen = new Set([id]);
    for (
      let parent = byId.get(id)?.parent_id;
      parent != null && !seen.has(parent);
      parent = byId.get(parent)?.parent_id
    ) {
      seen.add(parent);
      path.unshift(byId.get(parent)?.name ?? String(parent));
    }
    return { id, name: path.join(' > ') };
  });
}
