import { type SQL, sql } from 'drizzle-orm';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { type Driver, execute, insertInto } from '../script.ts';

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** Keyv's adapter for the database. Entries do not expire: a validator stays useful after its content has expired. */
export function createValidatorTable({ transact, dialect }: Driver): KeyvStoreAdapter {
  const run = (statement: SQL) =>
    transact(function* () {
      return yield* execute<Entry>(statement);
    });
  const named = (key: string) => (adapter.namespace === undefined ? key : `${adapter.namespace}::${key}`);
  const adapter: KeyvStoreAdapter = {
    opts: {},
    async get<Value>(key: string) {
      const [entry] = await run(sql`SELECT key, value FROM http_validators WHERE key = ${named(key)}`);
      return entry?.value as StoredData<Value> | undefined;
    },
    async getMany<Value>(keys: string[]) {
      const wanted = dialect.values('text', keys.map(named));
      const entries = await run(sql`SELECT key, value FROM http_validators WHERE key IN (${wanted})`);
      const found = new Map(entries.map(({ key, value }) => [key, value]));
      return keys.map((key) => found.get(named(key)) as StoredData<Value | undefined>);
    },
    async set(key: string, value: string) {
      await run(sql`${insertInto('http_validators', { key: named(key), value })}
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
    },
    async delete(key) {
      return (await run(sql`DELETE FROM http_validators WHERE key = ${named(key)} RETURNING key, value`)).length > 0;
    },
    async clear() {
      const prefix = named('');
      await run(sql`DELETE FROM http_validators WHERE substr(key, 1, ${prefix.length}) = ${prefix}`);
    },
    on() {
      return adapter;
    },
  };
  return adapter;
}
