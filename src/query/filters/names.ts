import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import { blueprintCategoryId, shipCategoryId, systems } from '../../eve/id-ranges.ts';
import { meaningOf } from '../../meaning.ts';
import { didYouMean, nearestAtAll } from '../../nearest.ts';
import type { Reader } from '../../store/reader.ts';
import { contains } from '../engine/conditions.ts';
import type { FilterContext, Nameable, NamedRow } from '../engine/filter.ts';
import { parseId } from '../engine/values.ts';

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

/**
 * Stations, and the systems in space of which one of these contracts starts or ends; other system names mean their
 * stations.
 */
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

/** A name that several types share means all of them. */
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

/** Maximum of candidates in an error. */
const maxListed = 10;

/**
 * Resolves ids and case-insensitive names. A full name takes precedence. A partial name must consist of whole words and
 * match one name only; the match is then reported.
 *
 * @throws {UsageError} when a name has no match or several
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

/** An unknown id would match nothing and look like an empty answer. */
async function requireOneOf(
  { what, everyId, others, known }: Nameable,
  id: number,
  flag: string,
  { reader, notice }: Pick<FilterContext, 'reader' | 'notice'>,
) {
  if (others !== undefined) {
    const [other] = await reader.all<NamedRow>(sql`SELECT id, name FROM (${others}) AS others WHERE id = ${id}`);
    if (other !== undefined) throw new UsageError(`${flag}: ${id} is not a ${what}, it is "${other.name}"`);
  }
  if (everyId !== undefined) {
    const every = await reader.all<{ id: number }>(everyId);
    // Before the first pass there are no known ids.
    if (every.length > 0 && !every.some((known) => known.id === id)) {
      throw new UsageError(`${flag}: ${what} ${id} is unknown`);
    }
  }
  const found = await reader.all(sql`SELECT 1 AS found FROM (${known}) AS known WHERE id = ${id} LIMIT 1`);
  if (found.length === 0) notice(`${flag} ${id}: unknown ${what}`);
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
    // A candidate typed exactly as an error lists it always has that meaning; the bare name comes second.
    (_, index) => candidates[index]?.name,
    ...(kind.suffix === undefined ? [] : [withoutSuffix(kind.suffix)]),
  ]);
  if (meaning.kind === 'name') return meaning.rows.map(({ id }) => id);
  const names = meaning.kind === 'several' ? meaning.names : meaning.kind === 'part' ? [meaning.name] : [];
  if (kind.areTypes === true && names.length > 0 && names.every((name) => isNamesake(text, name))) {
    // A type with a blueprint or a skin of its name is a type of the game, even if no contract had one.
    notice(`${flag} ${text}: no contract in the database has had this ${kind.what}, only ${quoted(names)}`);
    return [];
  }
  if (meaning.kind === 'part') {
    notice(`${flag} ${text}: using "${meaning.name}"`);
    return meaning.rows.map(({ id }) => id);
  }
  if (meaning.kind === 'several') {
    throw new UsageError(`${flag}: ${kind.what} "${text}" is ambiguous: ${quoted(names)}. Use a full name or an id`);
  }
  const all = (await reader.all<NamedRow>(kind.named)).map(({ name }) => name);
  const hint = all.length === 0 ? '. No names are known yet; run: hangarbay aggregate' : '';
  throw new UsageError(`${flag}: ${kind.what} "${text}" is unknown${didYouMean(nearestAtAll(text, all))}${hint}`);
}

/** Rows whose name contains the text, and possibly others. */
function candidatesFor(text: string, { named, inFull }: Nameable, reader: Reader): Promise<NamedRow[]> {
  // The databases only agree on the case of ASCII letters, so JavaScript compares other texts.
  const isPlain = /^[\u0020-\u007E]+$/.test(text) && inFull === undefined;
  const condition = isPlain ? contains(sql`lower(name)`, text.toLowerCase()) : sql`TRUE`;
  return reader.all<NamedRow>(sql`SELECT id, name FROM (${named}) AS named WHERE ${condition}`);
}

function quoted(names: readonly string[]): string {
  const listed = names.slice(0, maxListed).map((name) => `"${name}"`);
  return `${listed.join(', ')}${names.length > maxListed ? ` and ${names.length - maxListed} more` : ''}`;
}

/** A blueprint also has the name of its product. */
const withoutSuffix =
  (suffix: string) =>
  ({ name }: NamedRow): string | undefined =>
    name.toLowerCase().endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;

/** Whether a name is the blueprint or the skin of something with the given name. */
function isNamesake(text: string, name: string): boolean {
  const [folded, whole] = [text.toLowerCase(), name.toLowerCase()];
  return whole.startsWith(folded) && /^ blueprint$|\bskin\b/.test(whole.slice(folded.length));
}

/** Market groups with all their parents, because many share a name: `Ships > Frigates > Standard Frigates`. */
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
