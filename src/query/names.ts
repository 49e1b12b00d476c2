import { sql } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import { shipCategoryId } from '../eve/id-ranges.ts';
import { didYouMean, nearestNames } from '../nearest.ts';
import type { Reader } from '../store/store.ts';
import { parseId } from './values.ts';

interface NamedRow {
  readonly id: number;
  readonly name: string;
}

/** Ids of regions given by name or id. */
export function regionIds(texts: readonly string[], reader: Reader): Promise<number[]> {
  const query = sql`SELECT region_id AS id, name FROM regions WHERE name IS NOT NULL`;
  return resolve(texts, 'region', '--region', () => reader.all<NamedRow>(query));
}

/** Ids of types given by name or id; where a name is not unique, of all types that bear it. */
export function typeIds(texts: readonly string[], reader: Reader): Promise<number[]> {
  const query = sql`SELECT type_id AS id, name FROM types WHERE name IS NOT NULL`;
  return resolve(texts, 'type', '--item', () => reader.all<NamedRow>(query));
}

/** Ids of ships' types given by name or id. */
export function shipTypeIds(texts: readonly string[], reader: Reader): Promise<number[]> {
  const query = sql`
    SELECT types.type_id AS id, types.name AS name FROM types JOIN groups ON groups.group_id = types.group_id
    WHERE types.name IS NOT NULL AND groups.category_id = ${shipCategoryId}`;
  return resolve(texts, 'ship', '--ship', () => reader.all<NamedRow>(query));
}

/** Names are compared in JavaScript, where upper and lower case mean the same whatever the database. */
async function resolve(
  typed: readonly string[],
  what: string,
  flag: string,
  load: () => Promise<NamedRow[]>,
): Promise<number[]> {
  const texts = typed.map((text) => text.trim());
  const isId = (text: string) => /^\d+$/.test(text);
  const rows = texts.every(isId) ? [] : await load();
  const ids = texts.flatMap((text) => {
    if (isId(text)) return [parseId(text, flag)];
    const found = rows.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
    if (found.length > 0) return found.map(({ id }) => id);
    const names = rows.map(({ name }) => name);
    const hint = rows.length === 0 ? '; no names are known yet, run: hangarbay aggregate' : '';
    throw new UsageError(`there is no ${what} "${text}"${didYouMean(nearestNames(text, names))}${hint}`);
  });
  return [...new Set(ids)];
}
