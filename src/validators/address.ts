import { readFileSync } from 'node:fs';
import { decoded, type Place, placesIn, placesText, splitConnectionUrl } from '../connection-url.ts';
import { messageOf } from '../errors.ts';

/** The address of a Redis, and how to connect to it. */
export type CacheAddress = SocketAddress | ServerAddress | SentinelAddress | ClusterAddress;

interface Access {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

interface Networked extends Access {
  /** One server, the Sentinels, or some nodes of the cluster. */
  readonly places: readonly ServerPlace[];
  /** Options of Node's TLS; undefined without TLS. */
  readonly tls: RedisTls | undefined;
}

/** Where a server listens. */
export interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

/** Contents of the files that a URL names. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface SocketAddress extends Access {
  readonly kind: 'socket';
  readonly path: string;
}

export interface ServerAddress extends Networked {
  readonly kind: 'server';
}

/** Sentinels, which know the address of a master by its name. */
export interface SentinelAddress extends Networked {
  readonly kind: 'sentinel';
  readonly master: string;
  readonly sentinelUser: string | undefined;
  readonly sentinelPassword: string | undefined;
}

export interface ClusterAddress extends Networked {
  readonly kind: 'cluster';
}

/** Schemes of Redis, and those that clients of other languages use for Sentinels and clusters. */
const schemes = {
  redis: ['server', false],
  rediss: ['server', true],
  'redis+sentinel': ['sentinel', false],
  'rediss+sentinel': ['sentinel', true],
  'redis+cluster': ['cluster', false],
  'rediss+cluster': ['cluster', true],
  unix: ['socket', false],
} as const;

const examples = {
  server: 'redis://USER:PASSWORD@HOST:6379',
  sentinel: 'redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/MASTER',
  cluster: 'redis+cluster://USER:PASSWORD@HOST:6379,HOST:6379',
} as const;

/** The names of redis-cli's options. */
const tlsParameters = ['cacert', 'cert', 'key'];
const sentinelParameters = ['sentinel_username', 'sentinel_password'];

/** @throws an Error with a message that never contains what may be a password */
export function parseCacheUrl(given: string): CacheAddress {
  const text = given.trim();
  const scheme = /^([a-z+]+):\/\//i.exec(text)?.[1]?.toLowerCase() ?? '';
  if (!Object.hasOwn(schemes, scheme)) {
    throw new Error('must begin with redis://, rediss://, redis+sentinel://, redis+cluster:// or unix:///');
  }
  if (/[\p{Cc}\s]/u.test(text)) throw new Error('has a space, a line break or a control character');
  const [kind, isEncrypted] = schemes[scheme as keyof typeof schemes];
  const { user, password, hosts, path, parameters } = splitConnectionUrl(text);
  const known = [
    ...(kind === 'socket' ? ['db'] : []),
    ...(isEncrypted ? tlsParameters : []),
    ...(kind === 'sentinel' ? sentinelParameters : []),
  ];
  refuseUnknown(parameters, known, isEncrypted);
  const access = { user: user || undefined, password: password || undefined };
  if (kind === 'socket') {
    if (path.length < 2 || hosts !== '') throw new Error('has no path of a socket; use unix:///run/redis.sock');
    return { ...access, kind, path: decoded(path), database: databaseOf(parameters.get('db') ?? '') };
  }
  const defaultPort = kind === 'sentinel' ? 26_379 : 6_379;
  const withPort = ({ host, port = defaultPort }: Place) => ({ host, port });
  const places = placesIn(hosts || 'localhost', examples[kind]).map(withPort);
  const network = { ...access, places, tls: isEncrypted ? tlsOf(parameters) : undefined };
  switch (kind) {
    case 'server':
      if (places.length > 1) {
        const forms = `${examples.sentinel} or ${examples.cluster}`;
        throw new Error(`has several hosts; for Sentinels or a cluster use ${forms}`);
      }
      return { ...network, kind, database: databaseOf(path.slice(1)) };
    case 'sentinel':
      return { ...network, kind, ...masterIn(path), ...sentinelAccess(parameters) };
    case 'cluster':
      if (!/^\/?0?$/.test(path)) throw new Error('has a path; a cluster has no database but 0');
      return { ...network, kind, database: 0 };
  }
}

/** The name of a cache for messages, without a password. */
export function cacheLabel(address: CacheAddress): string {
  if (address.kind === 'socket') return address.path;
  const places = placesText(address.places);
  return address.kind === 'sentinel' ? `${address.master} of the Sentinels ${places}` : places;
}

function refuseUnknown(given: ReadonlyMap<string, string>, known: readonly string[], isEncrypted: boolean): void {
  for (const name of given.keys()) {
    if (known.includes(name)) continue;
    // An unknown name is not repeated: it may be a part of a password.
    if (!tlsParameters.includes(name) || isEncrypted) {
      const list = known.length === 0 ? 'this form of URL has none' : `known are ${known.join(', ')}`;
      throw new Error(`has a parameter that hangarbay does not know; ${list}`);
    }
    throw new Error(`has ${name}, which needs TLS; begin with rediss`);
  }
}

function databaseOf(text: string): number {
  if (/^\d{0,5}$/.test(text)) return Number(text);
  throw new Error('has a database that is not a number; a socket is written unix:///run/redis.sock?db=1');
}

function masterIn(path: string): { readonly master: string; readonly database: number } {
  const [, name = '', database = ''] = /^\/([^/]*)(?:\/(.*))?$/.exec(path) ?? [];
  if (name === '') throw new Error(`does not name the master that the Sentinels watch; write ${examples.sentinel}`);
  return { master: decoded(name), database: databaseOf(database) };
}

function sentinelAccess(parameters: ReadonlyMap<string, string>) {
  const [user, password] = sentinelParameters.map((name) => parameters.get(name) || undefined);
  return { sentinelUser: user, sentinelPassword: password };
}

function tlsOf(parameters: ReadonlyMap<string, string>): RedisTls {
  const contents = (name: string) => {
    const path = parameters.get(name);
    return path ? contentsOf(name, path) : undefined;
  };
  const [ca, cert, key] = tlsParameters.map(contents);
  if ((cert === undefined) !== (key === undefined)) throw new Error('has one of cert and key; give both');
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function contentsOf(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${parameter}: cannot read ${path}: ${messageOf(error)}`);
  }
}
