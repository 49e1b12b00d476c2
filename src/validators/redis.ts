import KeyvRedis, { createClient } from '@keyv/redis';
import type { KeyvStoreAdapter } from 'keyv';

/** A validator is worth waiting for only as long as an unconditional request takes. */
const patienceMilliseconds = 3_000;

/**
 * Connects to the Redis that hosts share their validators in. There is no queue for a Redis that is away and no second
 * attempt: the pass then does without.
 */
export async function openRedis(url: URL): Promise<KeyvStoreAdapter> {
  const patience = { connectTimeout: patienceMilliseconds, reconnectStrategy: false } as const;
  const client = createClient({
    ...(url.protocol === 'unix:' ? credentialsOf(url) : { url: url.href }),
    disableOfflineQueue: true,
    socket: url.protocol === 'unix:' ? { ...patience, path: decodeURIComponent(url.pathname) } : patience,
  });
  // KeyvRedis listens later; until then an error has nobody else to go to than the promise below.
  client.on('error', () => {});
  const adapter = new KeyvRedis<string>(client as ConstructorParameters<typeof KeyvRedis<string>>[0], {
    throwOnConnectError: true,
    throwOnErrors: true,
  });
  // Every write has been answered by then, or has been given up.
  adapter.disconnect = async () => {
    if (client.isOpen) client.destroy();
  };
  try {
    await inTime(client.connect());
    // For CLIENT LIST; a user may be without the right to it.
    await inTime(client.sendCommand(['CLIENT', 'SETNAME', 'hangarbay'])).catch(() => {});
  } catch (error) {
    await adapter.disconnect();
    throw error;
  }
  return withPatience(adapter);
}

/** What a Redis says of itself. */
export interface RedisFacts {
  readonly version: string;
  /** What it does when it is full; empty where it does not say. */
  readonly policy: string;
  /** Keys that it has removed for want of memory since it started. */
  readonly evicted: number;
  /** 0 where it has no limit. */
  readonly limitBytes: number;
}

/** @throws when it cannot be reached, or the user has no right to INFO */
export async function inspectRedis(url: URL): Promise<RedisFacts> {
  const adapter = (await openRedis(url)) as unknown as KeyvRedis<string>;
  try {
    const client = adapter.client as unknown as { sendCommand(words: readonly string[]): Promise<unknown> };
    const info = String(await inTime(client.sendCommand(['INFO'])));
    const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    return {
      version: value('redis_version'),
      policy: value('maxmemory_policy'),
      evicted: Number(value('evicted_keys')),
      limitBytes: Number(value('maxmemory')),
    };
  } finally {
    await adapter.disconnect();
  }
}

/** Gives up on answers that do not come: a Redis that hangs must not hang the pass. */
function withPatience(adapter: KeyvRedis<string>): KeyvStoreAdapter {
  const { get, getMany, set } = adapter;
  return Object.assign(adapter, {
    get: (key: string) => inTime(get.call(adapter, key)),
    getMany: (keys: string[]) => inTime(getMany.call(adapter, keys)),
    set: (key: string, value: string) => inTime(set.call(adapter, key, value)),
  }) as KeyvStoreAdapter;
}

/** @throws when no answer comes within the patience that a validator is worth */
export async function inTime<Result>(answer: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`no answer from Redis within ${patienceMilliseconds / 1_000} s`));
    timer = setTimeout(late, patienceMilliseconds);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of a URL such as `unix://user:password@/run/redis.sock?db=1`. */
function credentialsOf({ username, password, searchParams }: URL) {
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    database: Number(searchParams.get('db') ?? '0'),
  };
}
