import KeyvRedis, { createClient, createCluster } from '@keyv/redis';
import { messageOf } from '../errors.ts';
import type { CacheAddress, ClusterAddress } from './address.ts';
import { findMaster } from './sentinel.ts';

/** A validator is worth waiting for only as long as an unconditional request takes. */
const patienceMilliseconds = 3_000;

/** A store of Keyv; its methods throw when no answer comes in time. */
export type RedisStore = KeyvRedis<string>;
type Connection = Exclude<ConstructorParameters<typeof KeyvRedis<string>>[0], string | undefined>;

/** The library's client of one server, or of all nodes of a cluster. */
interface Client {
  /** Gives up all connections. */
  readonly close: () => void;
  readonly connect: () => Promise<unknown>;
  readonly connection: Connection;
}

/**
 * Connects to the Redis that hosts share their validators in. There is no queue for a Redis that is away and no second
 * attempt, not even after a failover: the pass goes on without validators, and the next pass finds the new master.
 */
export async function openRedis(address: CacheAddress): Promise<RedisStore> {
  const { connection, connect, close } = await clientOf(address);
  const adapter: RedisStore = new KeyvRedis<string>(connection, { throwOnConnectError: true, throwOnErrors: true });
  // Every write has been answered by then, or has been given up.
  adapter.disconnect = async () => close();
  const connecting = connect();
  try {
    await inTime(connecting);
    // For CLIENT LIST; a user may be without the right to it.
    const naming = (await adapter.getMasterNodes()).map((node) => node.sendCommand(['CLIENT', 'SETNAME', 'hangarbay']));
    await inTime(Promise.allSettled(naming)).catch(() => {});
  } catch (error) {
    close();
    // The library still connects to the nodes of a cluster when one of them answers late.
    connecting.then(close, () => {});
    throw error;
  }
  return withPatience(adapter);
}

async function clientOf(address: CacheAddress): Promise<Client> {
  switch (address.kind) {
    case 'socket':
      return serverClient(address, { path: address.path });
    case 'server':
      return serverClient(address, { ...address.places[0], ...tlsOf(address) });
    case 'sentinel':
      return serverClient(address, { ...(await inTime(findMaster(address))), ...tlsOf(address) });
    case 'cluster':
      return clusterClient(address);
  }
}

type SocketOptions = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['socket']>;

/** No command waits for a connection, and CLIENT SETINFO is not sent: a user may lack the right to it. */
const quiet = { disableOfflineQueue: true, disableClientInfo: true } as const;
const patience = { connectTimeout: patienceMilliseconds, reconnectStrategy: false } as const;
const tlsOf = ({ tls }: Pick<ClusterAddress, 'tls'>) => (tls === undefined ? {} : { ...tls, tls: true as const });

function serverClient(address: CacheAddress, socket: object): Client {
  const client = createClient({
    ...credentialsOf(address),
    database: address.database,
    ...quiet,
    socket: { ...socket, ...patience } as SocketOptions,
  });
  // KeyvRedis listens later; until then an error has nobody else to go to than the promise of the connection.
  client.on('error', () => {});
  const close = () => {
    if (client.isOpen) client.destroy();
  };
  return { connection: client as unknown as Connection, connect: () => client.connect(), close };
}

function clusterClient(address: ClusterAddress): Client {
  const cluster = createCluster({
    // The limit holds only while these nodes are asked for the others; without it a hanging node stalls the search.
    rootNodes: address.places.map((place) => ({ socket: { ...place, socketTimeout: patienceMilliseconds } })),
    defaults: { ...credentialsOf(address), ...quiet, socket: { ...patience, ...tlsOf(address) } },
  });
  const reasons = new Set<string>();
  cluster.on('error', (error) => reasons.add(messageOf(error)));
  const close = () => {
    for (const { client } of cluster.masters) if (client?.isOpen) client.destroy();
    try {
      cluster.destroy();
    } catch {
      // It throws for clients that are closed already.
    }
  };
  async function connect(): Promise<void> {
    await cluster.connect().catch((error: unknown) => {
      // That no node answers is the library's whole message; the reasons went to the listeners.
      throw new Error(`${messageOf(error)}: ${[...reasons].join('; ')}`, { cause: error });
    });
  }
  return { connection: cluster as unknown as Connection, connect, close };
}

function credentialsOf({ user, password }: CacheAddress) {
  return { ...(user !== undefined && { username: user }), ...(password !== undefined && { password }) };
}

/** What the masters say of themselves; settings are those of the first. */
export interface RedisFacts {
  readonly version: string;
  readonly masters: number;
  /** What it does when it is full; empty where it does not say. */
  readonly policy: string;
  /** Keys that were removed for want of memory since the servers started. */
  readonly evicted: number;
  /** 0 where it has no limit. */
  readonly limitBytes: number;
}

/** @throws when it cannot be reached, or the user has no right to INFO */
export async function inspectRedis(address: CacheAddress): Promise<RedisFacts> {
  const store = await openRedis(address);
  try {
    const masters = await store.getMasterNodes();
    const texts = await inTime(Promise.all(masters.map(async (node) => String(await node.sendCommand(['INFO'])))));
    const values = (name: string) => texts.map((info) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '');
    return {
      version: values('redis_version')[0] ?? '',
      masters: masters.length,
      policy: values('maxmemory_policy')[0] ?? '',
      evicted: values('evicted_keys').reduce((sum, count) => sum + Number(count), 0),
      limitBytes: Number(values('maxmemory')[0]),
    };
  } finally {
    await store.disconnect();
  }
}

/** Gives up on answers that do not come: a Redis that hangs must not hang the pass. */
function withPatience(store: RedisStore): RedisStore {
  const { get, getMany, set } = store;
  return Object.assign(store, {
    get: (key: string) => inTime(get.call(store, key)),
    getMany: (keys: string[]) => inTime(getMany.call(store, keys)),
    set: (key: string, value: string) => inTime(set.call(store, key, value)),
  } as Partial<RedisStore>);
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
