import { type SQL, sql } from 'drizzle-orm';
import { type Dialect, execute, insertRowsInto, type Script } from '../script.ts';

/** Facts about the database by key in the table `meta`. */

/** Selects the `value` of a key, if it has one. */
export const metaOf = (key: string): SQL => sql`SELECT value FROM meta WHERE key = ${key}`;

export function* readMeta(key: string): Script<string | undefined> {
  const [row] = yield* execute<{ value: string }>(metaOf(key));
  return row?.value;
}

export function* writeMeta(entries: Readonly<Record<string, string>>, dialect: Dialect): Script<void> {
  const rows = Object.entries(entries).map(([key, value]) => ({ key, value }));
  yield* execute(sql`${insertRowsInto('meta', { key: 'text', value: 'text' }, rows, dialect)}
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
}

export function* deleteMeta(key: string): Script<void> {
  yield* execute(sql`DELETE FROM meta WHERE key = ${key}`);
}
