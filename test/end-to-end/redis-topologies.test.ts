import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newDatabase, sqlite } from '../helpers/backings.ts';
import { type Certificates, makeCertificates } from '../helpers/certificates.ts';
import { run } from '../helpers/cli.ts';
import { hasProgram, hasRedisServer, type RedisOptions } from '../helpers/redis-server.ts';
import {
  keysAt,
  privateRedis,
  redisCli,
  startCluster,
  startSentinel,
  type Topology,
  withCache,
} from '../helpers/redis-topologies.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { whyInHurry } from '../helpers/thorough.ts';
import { newUser, type User } from './user.ts';

const reason =
  hasRedisServer() && hasProgram('redis-cli', '--version')
    ? ''
    : ' (skipped: no redis-server or redis-cli on the path)';
const noTls = hasProgram('openssl', 'version') ? '' : ' (skipped: no openssl on the path)';

const page = readFileSync(join(import.meta.dirname, '../../docs/postgresql-and-redis.md'), 'utf8');
/** Words for `ACL SETUSER`. */
const documented = (user: string) => new RegExp(`^ {4}user (${user} .*)$`, 'm').exec(page)?.[1]?.split(' ') ?? [];

async function startOne(options: RedisOptions): Promise<Topology> {
  const server = await privateRedis(options);
  const servers = [server];
  return { hosts: `127.0.0.1:${server.port}/1`, servers, everything: servers, failedOver: async () => {} };
}

const topologies: readonly [scheme: string, start: (options: RedisOptions) => Promise<Topology>][] = [
  ['', startOne],
  ['+sentinel', startSentinel],
  ['+cluster', startCluster],
];

/** Every command that uses the cache does so, and without a word. */
async function expectCacheInUse(user: User, { servers }: Topology, certificates?: Certificates): Promise<void> {
  await user.aggregate();
  await user.expectEverything();
  user.esi.requests.clear();
  expect(await user.run('aggregate')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(user.esi.requests.length).toBe(0);

  const doctor = await user.run('doctor', '--json');
  expect((JSON.parse(doctor.stdout) as { findings: unknown[] }).findings).toContainEqual(
    expect.objectContaining({ check: 'cache', status: 'ok', found: expect.stringMatching(/^Redis \d+\.\d.* at /) }),
  );
  expect(doctor.stdout).not.toContain('PASSWORD');

  const dump = join(temporaryFolder(), 'dump.gz');
  expect(await user.run('export', 'dump', dump)).toMatchObject({ code: 0, stderr: '' });
  for (const { port } of servers) redisCli(port, ['FLUSHALL'], certificates);
  expect(servers.flatMap((server) => keysAt(server, certificates))).toEqual([]);
  user.esi.requests.clear();
  const environment = { ...user.environment, HANGARBAY_DATABASE_URL: (await newDatabase(sqlite)).url };
  expect(await run(['import', 'dump', dump], environment)).toMatchObject({ code: 0, stderr: '' });
  expect(await run(['aggregate'], environment)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(user.esi.requests.length).toBe(0);
}

describe.skipIf(reason !== '')(`a cache${reason}`, () => {
  it.each(topologies)('is used by a user with the documented rights: redis%s', async (scheme, start) => {
    const topology = await start({});
    for (const { port } of topology.servers) {
      expect(redisCli(port, ['ACL', 'SETUSER', ...documented('hangarbay')])).toBe('OK');
    }
    const { hosts, sentinel } = topology;
    if (sentinel !== undefined) redisCli(sentinel.port, ['ACL', 'SETUSER', ...documented('watcher')]);
    if (sentinel !== undefined) redisCli(sentinel.port, ['ACL', 'SETUSER', 'default', 'off']);
    const watcher = sentinel === undefined ? '' : '?sentinel_username=watcher&sentinel_password=PASSWORD';
    const url = `redis${scheme}://hangarbay:PASSWORD@${hosts}${watcher}`;
    const user = await newUser(withCache(url), { plainContracts: 30 });
    await expectCacheInUse(user, topology);
    const denied = topology.servers.map(({ port }) => redisCli(port, ['ACL', 'LOG']));
    expect(denied.join('')).toBe('');
  });

  it.each([
    ['+sentinel', startSentinel],
    ['+cluster', (options: RedisOptions) => startCluster(options, 1)],
  ] as const)('that fails over in mid-pass costs one warning, and nothing later: redis%s', async (scheme, start) => {
    const topology = await start({});
    const url = `redis${scheme}://${topology.hosts}`;
    const user = await newUser(withCache(url), { plainContracts: 30 });
    const lists = user.esi.hold({ route: 'list' });
    const pass = user.start('aggregate');
    await lists.answer(0);
    await topology.servers[0]?.stop();
    lists.open();
    const ended = await pass.ended;
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr.match(/\n/g)?.length ?? 0).toBeLessThanOrEqual(1);
    await user.expectEverything();
    await topology.failedOver();
    await user.aggregate();
    user.esi.requests.clear();
    expect(await user.run('aggregate')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(user.esi.requests.length).toBe(0);
  });

  it.skipIf(whyInHurry !== '')(
    `that lacks one of its nodes, or all, costs a pass one warning and a few seconds${whyInHurry}`,
    async () => {
      for (const [scheme, start] of topologies) {
        const topology = await start({});
        const user = await newUser(withCache(`redis${scheme}://${topology.hosts}`), { plainContracts: 30 });
        await user.aggregate();
        for (const [index, server] of topology.everything.entries()) {
          server.process.kill('SIGSTOP');
          if (index > 0 && index < topology.everything.length - 1) continue;
          user.esi.world.regenerate();
          const begun = Date.now();
          const ended = await user.run('aggregate');
          expect(Date.now() - begun).toBeLessThan(15_000);
          expect(ended).toMatchObject({
            code: 0,
            stdout: '',
            stderr: expect.stringMatching(/^.*the cache failed.*\n$/),
          });
        }
      }
    },
  );

  it.skipIf(noTls !== '').each(topologies)(
    `is used over TLS with certificates of a private authority${noTls}: rediss%s`,
    async (scheme, start) => {
      const certificates = makeCertificates();
      const topology = await start({ certificates });
      const { ca, client } = certificates;
      const files = `cacert=${ca}&cert=${client.certificate}&key=${client.key}`;
      const url = `rediss${scheme}://${topology.hosts}?${files}`;
      const user = await newUser(withCache(url), { plainContracts: 30 });
      await expectCacheInUse(user, topology, certificates);
      const withoutAuthority = ['aggregate', '--cache-url', url.replace(/cacert=[^&]*&/, '')];
      const trusting = { ...user.environment, NODE_EXTRA_CA_CERTS: ca };
      expect(await run(withoutAuthority, trusting)).toMatchObject({ code: 0, stderr: '' });
      const distrusted = await user.run(...withoutAuthority);
      expect(distrusted).toMatchObject({ code: 0, stderr: expect.stringMatching(/certificate/) });
    },
  );
});
