import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import { blueprintCategoryId, shipCategoryId, systems } from '../../eve/id-ranges.ts';
import { meaningOf } from '../../meaning.ts';
import { didYouMean, nearestAtAll } from '../../nearest.ts';
import type { Reader } from '../../store/reader.ts';
import type { FilterContext, Nameable, NamedRow } from '../engine/filter.ts';
import { containing, parseId } from '../engine/values.ts';

const inTable = (what: string, table: SQL, id: SQL, condition = sql`TRUE`): Nameable => ({
  what,
  named: sql`SELECT ${id} AS id, name FROM ${table} WHERE name IS NOT NULL AND ${condition}`,
  known: sql`SELECT ${id} AS id FROM ${table}`,
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
    areTypes: true,
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
    known: sql`
      SELECT location_id AS id FROM locations UNION ALL SELECT system_id FROM systems
      UNION ALL SELECT ${location} FROM contracts WHERE ${condition}`,
  };
}

/** A name that several types bear means all of them. */
export const nameable = {
  type: { ...inTable('type', sql`types`, sql`type_id`), areTypes: true },
  ship: typesOf('ship', shipCategoryId),
  blueprint: { ...typesOf('blueprint', blueprintCategoryId), suffix: ' blueprint' },
  group: inTable('group', sql`groups`, sql`group_id`),
  category: inTable('category', sql`categories`, sql`category_id`),
  region: { ...inTable('region', sql`regions`, sql`region_id`), everyId: sql`SELECT region_id AS id FROM regions` },
  system: inTable('system', sql`systems`, sql`system_id`),
  constellation: {
    ...namesOf('constellation', 'constellation'),
    known: sql`SELECT constellation_id AS id FROM systems`,
  },
  location: placesNamed(sql`start_location_id`, sql`gone_at IS NULL`),
  endLocation: placesNamed(sql`end_location_id`, sql`gone_at IS NULL AND type = 'courier'`),
  issuer: { ...namesOf('issuer', 'character'), areMany: true },
  corporation: { ...namesOf('corporation', 'corporation'), areMany: true },
  marketGroup: { ...inTable('market group', sql`market_groups`, sql`market_group_id`), inFull: withParents },
} as const satisfies Record<string, Nameable>;

/** Candidates that an error lists at most. */
const mostListed = 10;

/**
 * Ids of what is meant: ids as they are, and names in any case. A name in full wins; a part of one must be whole words
 * and fit one name only, and what it is taken for is said.
 *
 * @throws {UsageError} when nothing, or more than one thing, bears the name
 */
export function idsOf(
  texts: readonly string[],
  kind: Nameable,
  flag: string,
  context: Pick<FilterContext, 'reader' | 'notice' | 'lookedUp'>,
): Promise<readonly number[]> {
  const key = JSON.stringify([flag, texts]);
  const found = context.lookedUp.get(key) ?? lookUp(texts, kind, flag, context);
  context.lookedUp.set(key, found);
  return found;
}

async function lookUp(
  texts: readonly string[],
  kind: Nameable,
  flag: string,
  { reader, notice }: Pick<FilterContext, 'reader' | 'notice'>,
): Promise<number[]> {
  const ids = new Set<number>();
  for (const text of texts.map((typed) => typed.trim())) {
    const isId = /^\d+$/.test(text);
    const found = isId ? [parseId(text, flag)] : await idsNamed(text, kind, flag, { reader, notice });
    if (isId) await requireOneOf(kind, found[0] ?? 0, flag, { reader, notice });
    for (const id of found) ids.add(id);
  }
  return [...ids];
}

/** Ids that mean nothing would find nothing, and look like an answer. */
async function requireOneOf(
  { what, everyId, others, known }: Nameable,
  id: number,
  flag: string,
  { reader, notice }: Pick<FilterContext, 'reader' | 'notice'>,
) {
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
  const found = await reader.all(sql`SELECT 1 AS found FROM (${known}) AS known WHERE id = ${id} LIMIT 1`);
  if (found.length === 0) notice(`${flag} ${id}: no ${what} with this id is known`);
}

async function idsNamed(
  text: string,
  kind: Nameable,
  flag: string,
  { reader, notice }: Pick<FilterContext, 'reader' | 'notice'>,
): Promise<number[]> {
  const candidates = text === '' ? [] : await candidatesFor(text, kind, reader);
  const rows = (await kind.inFull?.(candidates, reader)) ?? candidates;
  const meaning = meaningOf(text, rows, [
    // What an error lists, typed as it is listed, always means just that; the name alone comes after it.
    (_, index) => candidates[index]?.name,
    ...(kind.suffix === undefined ? [] : [withoutSuffix(kind.suffix)]),
  ]);
  if (meaning.kind === 'name') return meaning.rows.map(({ id }) => id);
  const names = meaning.kind === 'several' ? meaning.names : meaning.kind === 'part' ? [meaning.name] : [];
  if (kind.areTypes === true && names.length > 0 && names.every((name) => isNamesake(text, name))) {
    // What has a blueprint or a skin of its name is itself a type of the game.
    notice(`${flag} ${text}: no contract in the database has had this ${kind.what}, only ${quoted(names)}`);
    return [];
  }
  if (meaning.kind === 'part') {
    notice(`${flag} ${text}: taken for "${meaning.name}"`);
    return meaning.rows.map(({ id }) => id);
  }
  if (meaning.kind === 'several') {
    throw new UsageError(`${flag}: several fit ${kind.what} "${text}": ${quoted(names)}; say which, or its id`);
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

function quoted(names: readonly string[]): string {
  const listed = names.slice(0, mostListed).map((name) => `"${name}"`);
  return `${listed.join(', ')}${names.length > mostListed ? ` and ${names.length - mostListed} more` : ''}`;
}

/** A blueprint also bears the name of what it makes. */
const withoutSuffix =
  (suffix: string) =>
  ({ name }: NamedRow): string | undefined =>
    name.toLowerCase().endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;

/** Whether a name is that of a blueprint or a skin of what is named. */
function isNamesake(text: string, name: string): boolean {
  const [folded, whole] = [text.toLowerCase(), name.toLowerCase()];
  return whole.startsWith(folded) && /^ blueprint$|\bskin\b/.test(whole.slice(folded.length));
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
