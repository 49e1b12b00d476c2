import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheLabel, parseCacheUrl } from '../src/validators/address.ts';
import { temporaryFolder } from './helpers/temporary.ts';

const secret = 'hunter2';

describe('a URL of a cache', () => {
  const nobody = { user: undefined, password: undefined, database: 0, tls: undefined };
  const at = (host: string, port: number) => ({ host, port });

  it.each([
    ['redis://cache', { kind: 'server', ...nobody, places: [at('cache', 6379)] }],
    ['redis://', { kind: 'server', ...nobody, places: [at('localhost', 6379)] }],
    ['REDISS://[::1]:7000/3', { kind: 'server', ...nobody, tls: {}, database: 3, places: [at('::1', 7000)] }],
    ['redis://a:b%40c@cache/', { kind: 'server', ...nobody, user: 'a', password: 'b@c', places: [at('cache', 6379)] }],
    ['redis://:b@cache', { kind: 'server', ...nobody, password: 'b', places: [at('cache', 6379)] }],
    [
      'unix://a:b@/run/redis%20a.sock?db=2',
      { kind: 'socket', user: 'a', password: 'b', database: 2, path: '/run/redis a.sock' },
    ],
    [
      'redis+sentinel://a:b@s1,s2:26380/mymaster/4?sentinel_username=c&sentinel_password=d',
      {
        ...{ kind: 'sentinel', user: 'a', password: 'b', tls: undefined, places: [at('s1', 26379), at('s2', 26380)] },
        ...{ master: 'mymaster', database: 4, sentinelUser: 'c', sentinelPassword: 'd' },
      },
    ],
    [
      'rediss+sentinel://s1/mymaster',
      {
        ...{ kind: 'sentinel', ...nobody, tls: {}, places: [at('s1', 26379)] },
        ...{ master: 'mymaster', sentinelUser: undefined, sentinelPassword: undefined },
      },
    ],
    ['redis+cluster://n1:7000,n2', { kind: 'cluster', ...nobody, places: [at('n1', 7000), at('n2', 6379)] }],
    ['rediss+cluster://:b@n1/0', { kind: 'cluster', ...nobody, tls: {}, password: 'b', places: [at('n1', 6379)] }],
  ])('is read: %s', (url, address) => {
    expect(parseCacheUrl(url)).toEqual(address);
  });

  it.each([
    ['', 'must begin with redis://'],
    [`redis//:${secret}@h`, 'must begin with redis://'],
    [`http://:${secret}@h`, 'must begin with redis://'],
    [`redis://:${secret}@h:${secret}`, 'has a port'],
    [`redis://u:a/${secret}@h`, 'before its host'],
    [`redis://u:a?${secret}@h`, 'before its host'],
    [`redis://u:a#${secret}@h`, 'before its host'],
    [`redis://u:%${secret}@h`, 'has a %'],
    [`redis://h/${secret}`, 'has a database that is not a number'],
    [`redis://h?${secret}=1`, 'this form of URL has none'],
    [`rediss://h?${secret}=1`, 'known are cacert, cert, key'],
    ['redis://h?cacert=a', 'needs TLS; begin with rediss'],
    ['rediss://h?cacert=/nowhere/a', 'cacert: cannot read /nowhere/a'],
    [`redis://:${secret}@a,b`, 'has several hosts'],
    [`redis://:${secret}@a:,`, 'has no host'],
    ['redis://a b', 'has a space'],
    [`redis+sentinel://:${secret}@a,b`, 'does not name the master'],
    [`redis+sentinel://:${secret}@a/m/x`, 'has a database that is not a number'],
    [`redis+cluster://:${secret}@a/1`, 'a cluster has no database but 0'],
    ['unix://host/run/a.sock', 'has no path of a socket'],
    ['unix:///', 'has no path of a socket'],
    ['unix:///run/a.sock?db=x', 'has a database that is not a number'],
  ])('is refused with words that show no password: %s', (url, message) => {
    expect(() => parseCacheUrl(url)).toThrow(message);
    expect(() => parseCacheUrl(url)).not.toThrow(secret);
  });

  it('may name the files of TLS, as redis-cli does', () => {
    const file = (name: string) => {
      const path = join(temporaryFolder(), name);
      writeFileSync(path, `the ${name}`);
      return encodeURIComponent(path);
    };
    const [ca, cert, key] = ['ca', 'cert', 'key'].map(file);
    expect(parseCacheUrl(`rediss://h?cacert=${ca}&cert=${cert}&key=${key}`)).toMatchObject({
      tls: { ca: 'the ca', cert: 'the cert', key: 'the key' },
    });
    expect(() => parseCacheUrl(`rediss://h?cert=${cert}`)).toThrow('has one of cert and key; give both');
  });

  it.each([
    [`redis://u:${secret}@[::1]/1`, '[::1]:6379'],
    [`unix://u:${secret}@/run/a.sock`, '/run/a.sock'],
    [`redis+cluster://u:${secret}@a,b:7000`, 'a:6379,b:7000'],
    [`redis+sentinel://u:${secret}@a,b/m?sentinel_password=${secret}`, 'm of the Sentinels a:26379,b:26379'],
  ])('is shown without its password: %s', (url, label) => {
    expect(cacheLabel(parseCacheUrl(url))).toBe(label);
  });
});
