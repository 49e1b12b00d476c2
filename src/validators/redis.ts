import KeyvRedis, { createClient, createCluster } from '@keyv/redis';
import { messageOf } from '../errors.ts';
import type { CacheAddress, ClusterAddress } from './address.ts';
import { findMaster } from './sentinel.ts';

/** Waiting longer for a validator would cost more than an unconditional request. */
const patienceMilliseconds = 3_000;

/** A store of Keyv. Its methods throw when Redis does not answer in time. */
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
 * Connects to the Redis that holds the validators. Commands are neither queued nor repeated, not even after a failover: the
 * pass continues without validators, and the next pass finds the new master.
 */
export async function openRedis(address: CacheAddress): Promise<RedisStore> {
  const { connection, connect, close } = await clientOf(address);
  const adapter: RedisStore = new KeyvRedis<string>(connection, { throwOnConnectError: true, throwOnErrors: true });
  // Every write has been answered or given up before.
  adapter.disconnect = async () => close();
  const connecting = connect();
  try {
    await inTime(connecting);
    // For CLIENT LIST. The user may lack the right.
    const naming = (await adapter.getMasterNodes()).map((node) => node.sendCommand(['CLIENT', 'SETNAME', 'hangarbay']));
    await inTime(Promise.allSettled(naming)).catch(() => {});
  } catch (error) {
    close();
    // A node of a cluster that answers late is still connected to.
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

/** Commands fail without a connection. CLIENT SETINFO is not sent, because the user may lack the right. */
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
  // Without a listener an error would end the process; `connect` reports it.
  client.on('error', () => {});
  const close = () => {
    if (client.isOpen) client.destroy();
  };
  return { connection: client as unknown as Connection, connect: () => client.connect(), close };
}

function clusterClient(address: ClusterAddress): Client {
  const cluster = createCluster({
    // Applies only to the search for the other nodes, which a hanging node would stall.
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
      // Throws for clients that are closed already.
    }
  };
  async function connect(): Promise<void> {
    await cluster.connect().catch((error: unknown) => {
      // The library's message has no reasons; its listeners get them.
      throw new Error(`${messageOf(error)}: ${[...reasons].join('; ')}`, { cause: error });
    });
  }
  return { connection: cluster as unknown as Connection, connect, close };
}

function credentialsOf({ user, password }: CacheAddress) {
  return { ...(user !== undefined && { username: user }), ...(password !== undefined && { password }) };
}

/** Facts about the masters; settings are those of the first. */
export interface RedisFacts {
  readonly version: string;
  readonly masters: number;
  /** Eviction policy; empty if unknown. */
  readonly policy: string;
  /** Keys evicted since the servers started. */
  readonly evicted: number;
  /** 0 means no limit. */
  readonly limitBytes: number;
}

/** @throws when Redis is unreachable, or the user lacks the right to INFO */
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

/** Limits the time of each command, so that a hanging Redis does not hang the pass. */
function withPatience(store: RedisStore): RedisStore {
  const { get, getMany, set } = store;
  return Object.assign(store, {
    get: (key: string) => inTime(get.call(store, key)),
    getMany: (keys: string[]) => inTime(getMany.call(store, keys)),
    set: (key: string, value: string) => inTime(set.call(store, key, value)),
  } as Partial<RedisStore>);
}

/** @throws when there is no answer in time */
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
