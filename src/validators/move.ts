import type KeyvRedis from '@keyv/redis';
import { inTime, openRedis } from './redis.ts';

/** A key and a value as Keyv writes them, alike in Redis and in the table `http_validators`. */
export type Entry = readonly [key: string, value: string];

const keysAtOnce = 500;

/**
 * The validators of a database that are in a Redis, by key.
 *
 * @throws when it cannot be reached
 */
export async function readFromRedis(url: URL, identity: string): Promise<Entry[]> {
  return withRedis(url, async (send) => {
    const entries: Entry[] = [];
    let cursor = '0';
    do {
      const [next, keys] = (await send(['SCAN', cursor, 'MATCH', `hangarbay:${identity}::*`, 'COUNT', '1000'])) as [
        string,
        string[],
      ];
      cursor = String(next);
      for (let start = 0; start < keys.length; start += keysAtOnce) {
        const some = keys.slice(start, start + keysAtOnce);
        const values = (await send(['MGET', ...some])) as (string | null)[];
        entries.push(...some.flatMap((key, index): Entry[] => (values[index] ? [[key, values[index]]] : [])));
      }
    } while (cursor !== '0');
    // A scan may find a key twice.
    return [...new Map(entries)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  });
}

/** @throws when it cannot be reached, or refuses */
export async function writeToRedis(url: URL, entries: readonly Entry[]): Promise<void> {
  await withRedis(url, async (send) => {
    for (const [key, value] of entries) await send(['SET', key, value]);
  });
}

async function withRedis<Result>(
  url: URL,
  work: (send: (words: readonly string[]) => Promise<unknown>) => Promise<Result>,
): Promise<Result> {
  const adapter = (await openRedis(url)) as unknown as KeyvRedis<string>;
  const client = adapter.client as unknown as { sendCommand(words: readonly string[]): Promise<unknown> };
  try {
    return await work((words) => inTime(client.sendCommand(words)));
  } finally {
    await adapter.disconnect();
  }
}
