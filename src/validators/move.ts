import type { CacheAddress } from './address.ts';
import { inTime, openRedis, type RedisStore } from './redis.ts';

/** A key and a value as Keyv writes them, both in Redis and in the table `http_validators`. */
export type Entry = readonly [key: string, value: string];

const keysAtOnce = 500;

/**
 * The validators of a database that are in a Redis, by key.
 *
 * @throws when it cannot be reached
 */
export async function readFromRedis(address: CacheAddress, identity: string): Promise<Entry[]> {
  return withRedis(address, async (store) => {
    const entries: Entry[] = [];
    // Each master of a cluster scans only its own keys.
    for (const master of await store.getMasterNodes()) {
      let cursor = '0';
      do {
        const scanned = await inTime(master.scan(cursor, { MATCH: `hangarbay:${identity}::*`, COUNT: 1_000 }));
        cursor = String(scanned.cursor);
        const keys = scanned.keys.map(String);
        for (let start = 0; start < keys.length; start += keysAtOnce) {
          const some = keys.slice(start, start + keysAtOnce);
          const values = await store.getMany<string>(some);
          entries.push(...some.flatMap((key, index): Entry[] => (values[index] ? [[key, values[index]]] : [])));
        }
      } while (cursor !== '0');
    }
    // A scan may return a key twice.
    return [...new Map(entries)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  });
}

/** @throws when Redis is unreachable or rejects the command */
export async function writeToRedis(address: CacheAddress, entries: readonly Entry[]): Promise<void> {
  await withRedis(address, async (store) => {
    for (const [key, value] of entries) await store.set(key, value);
  });
}

async function withRedis<Result>(address: CacheAddress, work: (store: RedisStore) => Promise<Result>): Promise<Result> {
  const store = await openRedis(address);
  try {
    return await work(store);
  } finally {
    await store.disconnect();
  }
}
