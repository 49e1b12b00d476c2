import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type DatabaseMaker, sqlite } from './backings.ts';
import type { Certificates } from './certificates.ts';
import { freePort } from './free-port.ts';
import { type RedisOptions, type RedisServer, startRedis } from './redis-server.ts';

/** SQLite with validators at a URL. */
export function withCache(cacheUrl: string): DatabaseMaker {
  return {
    name: 'SQLite with validators in a Redis of its own',
    async makeDatabase() {
      const { database, drop } = await sqlite.makeDatabase();
      return { database: { ...database, cacheUrl }, drop };
    },
  };
}

/** A Redis that is gone after the test. */
export async function privateRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(server.stop);
  return server;
}

/** What `redis-cli` prints. */
export function redisCli(port: number, words: readonly string[], certificates?: Certificates): string {
  const tls = certificates === undefined ? [] : tlsWords(certificates);
  return execFileSync('redis-cli', ['-p', String(port), ...tls, ...words], { encoding: 'utf8' }).trim();
}

function tlsWords({ ca, client }: Certificates): string[] {
  return ['--tls', '--cacert', ca, '--cert', client.certificate, '--key', client.key];
}

/** Servers of one data set, or shares of it. */
export interface Topology {
  /** What a URL has behind its credentials; the first of the hosts is down. */
  readonly hosts: string;
  /** The master and its replica, or all nodes. */
  readonly servers: readonly RedisServer[];
  readonly sentinel?: RedisServer;
  /** With the Sentinel. */
  readonly everything: readonly RedisServer[];
  /** Until those whom a pass asks know what took the place of the first server, which was stopped. */
  readonly failedOver: () => Promise<void>;
}

/** A master, a replica that takes its place within seconds, and a Sentinel. */
export async function startSentinel(options: RedisOptions = {}): Promise<Topology> {
  const { settings = [], certificates } = options;
  const master = await privateRedis(options);
  const replica = await privateRedis({ ...options, settings: [...settings, `replicaof 127.0.0.1 ${master.port}`] });
  const linked = 'master_link_status:up';
  await until(() => redisCli(replica.port, ['INFO', 'replication'], certificates).includes(linked));
  const monitor = [
    `sentinel monitor hangar 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds hangar 500',
    'sentinel failover-timeout hangar 5000',
  ];
  const sentinel = await privateRedis({ certificates, isSentinel: true, settings: monitor });
  const replicas = ['SENTINEL', 'REPLICAS', 'hangar'];
  await until(() => redisCli(sentinel.port, replicas, certificates).includes(String(replica.port)));
  const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${sentinel.port}/hangar`;
  const servers = [master, replica];
  const masterIs = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'hangar'];
  return {
    hosts,
    servers,
    sentinel,
    everything: [...servers, sentinel],
    failedOver: () => until(() => redisCli(sentinel.port, masterIs, certificates).endsWith(String(replica.port))),
  };
}

/**
 * A cluster of three masters.
 *
 * @param replicas of each
 */
export async function startCluster(options: RedisOptions = {}, replicas = 0): Promise<Topology> {
  const { settings = [], certificates } = options;
  async function node(): Promise<RedisServer> {
    const own = ['cluster-enabled yes', 'cluster-node-timeout 1000', `cluster-port ${await freePort()}`];
    return privateRedis({ certificates, settings: [...settings, ...own] });
  }
  const servers: RedisServer[] = [];
  for (let count = 0; count < 3 * (1 + replicas); count += 1) servers.push(await node());
  const ports = servers.map(({ port }) => port);
  const [first = 0, second] = ports;
  const nodes = ports.map((port) => `127.0.0.1:${port}`);
  const create = ['--cluster', 'create', ...nodes, '--cluster-replicas', String(replicas), '--cluster-yes'];
  redisCli(first, create, certificates);
  const isWhole = (port: number) => {
    const said = (...words: string[]) => redisCli(port, words, certificates);
    const isLinked = /role:master|master_link_status:up/.test(said('INFO', 'replication'));
    return isLinked && said('CLUSTER', 'INFO').includes('cluster_state:ok');
  };
  await until(() => ports.every(isWhole));
  const knows = (port: number) => isWhole(port) && !redisCli(port, ['CLUSTER', 'SLOTS']).includes(String(first));
  return {
    hosts: `127.0.0.1:${await freePort()},127.0.0.1:${second}`,
    servers,
    everything: servers,
    failedOver: () => until(() => ports.slice(1).every(knows)),
  };
}

/** Keys that a server has. */
export function keysAt({ port }: RedisServer, certificates?: Certificates): string[] {
  return redisCli(port, ['--scan'], certificates).split('\n').filter(Boolean);
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await sleep(50);
}
