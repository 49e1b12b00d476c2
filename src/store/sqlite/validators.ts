import { eq, inArray, like, sql } from 'drizzle-orm';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { httpValidators } from '../schema/sqlite.ts';
import type { Database } from './connection.ts';

/**
 * Keyv's home in the database. Entries are without end here: a validator does not become useless because the content
 * that it stands for has expired.
 */
export function createValidatorTable(database: Database): KeyvStoreAdapter {
  const { key, value } = httpValidators;
  const one = database
    .select({ value })
    .from(httpValidators)
    .where(eq(key, sql.placeholder('key')))
    .prepare();
  const upsert = database
    .insert(httpValidators)
    .values({ key: sql.placeholder('key'), value: sql.placeholder('value') })
    .onConflictDoUpdate({ target: key, set: { value: sql`excluded.value` } })
    .prepare();

  const adapter: KeyvStoreAdapter = {
    opts: { dialect: 'sqlite', url: '' },
    async get<Value>(name: string) {
      return one.get({ key: name })?.value as StoredData<Value> | undefined;
    },
    async getMany<Value>(names: string[]) {
      const rows = database.select().from(httpValidators).where(inArray(key, names)).all();
      const found = new Map(rows.map((row) => [row.key, row.value]));
      return names.map((name) => found.get(name) as StoredData<Value | undefined>);
    },
    async set(name, content) {
      upsert.run({ key: name, value: content });
    },
    async delete(name) {
      return database.delete(httpValidators).where(eq(key, name)).run().changes > 0;
    },
    async clear() {
      const prefix = adapter.namespace;
      database
        .delete(httpValidators)
        .where(prefix === undefined ? undefined : like(key, `${prefix}:%`))
        .run();
    },
    on() {
      return adapter;
    },
  };
  return adapter;
}
