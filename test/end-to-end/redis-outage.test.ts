import { createClient } from '@keyv/redis';
import { describe, expect, it } from 'vitest';
import { newDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { freePort } from '../helpers/free-port.ts';
import { hasRedisServer, type RedisServer } from '../helpers/redis-server.ts';
import { privateRedis, withCache } from '../helpers/redis-topologies.ts';
import { newUser, type User } from './user.ts';

const reason = hasRedisServer() ? '' : ' (skipped: no redis-server on the path)';

/** A pass that goes well but for its cache says so once and stores everything. */
async function expectPassWithoutCache(user: User): Promise<void> {
  const ended = await user.run('aggregate');
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  const lines = ended.stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    level: 'warn',
    msg: expect.stringMatching(/^the cache failed/),
  });
  await user.expectEverything();
}

describe.skipIf(reason !== '')(`a pass whose Redis fails${reason}`, () => {
  it('goes on without validators when it cannot be reached', async () => {
    const user = await newUser(withCache(`redis://127.0.0.1:${await freePort()}`), { plainContracts: 30 });
    await expectPassWithoutCache(user);
    user.esi.requests.clear();
    await user.run('aggregate');
    expect(user.esi.requests.count({ route: 'list', conditional: false })).toBe(3);
  });

  it('goes on without validators when it accepts connections and answers nothing', async () => {
    const redis = await privateRedis();
    redis.process.kill('SIGSTOP');
    const user = await newUser(withCache(redis.url), { plainContracts: 30 });
    await expectPassWithoutCache(user);
  });

  it('goes on without validators when it dies in the middle', async () => {
    const redis = await privateRedis();
    const user = await newUser(withCache(redis.url), { plainContracts: 30 });
    const lists = user.esi.hold({ route: 'list' });
    const pass = user.start('aggregate');
    await lists.answer(0);
    await redis.stop();
    lists.open();
    const ended = await pass.ended;
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr.match(/the cache failed/g)).toHaveLength(1);
    await user.expectEverything();
  });

  it('asks unconditionally when it was flushed, and nothing more', async () => {
    const redis = await privateRedis();
    const user = await newUser(withCache(redis.url), { plainContracts: 30 });
    await user.aggregate();
    await onRedis(redis, (client) => client.flushAll());
    user.esi.requests.clear();
    await user.aggregate();
    expect(user.esi.requests.count({ route: 'list', conditional: false })).toBe(3);
    expect(user.esi.requests.length).toBe(3);
  });

  it('believes neither garbled validators nor those of another database', async () => {
    const redis = await privateRedis();
    const backing = withCache(redis.url);
    const user = await newUser(backing, { plainContracts: 30 });
    await user.aggregate();
    const other = await newDatabase(backing);
    const environment = { ...user.environment, HANGARBAY_DATABASE_URL: other.url };
    expect((await run(['aggregate'], environment)).code).toBe(0);
    const counted = await run(['query', '--state', 'all', '--count'], environment);
    expect(counted.stdout).toBe('30\n');

    const garbage = ['', 'null', '[]', '{"value":{"etag":7}}', '{"value":{}}', '\u0000', '{"value":null}', '{'];
    await onRedis(redis, async (client) => {
      for (const [index, key] of (await client.keys('*')).entries()) {
        await client.set(key, garbage[index % garbage.length] as string);
      }
    });
    user.esi.requests.clear();
    await user.run('aggregate');
    expect(user.esi.requests.count({ route: 'list', conditional: false })).toBe(3);
    await user.expectEverything();
  });
});

interface Commands {
  flushAll(): Promise<unknown>;
  keys(pattern: string): Promise<string[]>;
  set(key: string, value: string): Promise<unknown>;
}

async function onRedis({ url }: RedisServer, work: (client: Commands) => Promise<unknown>): Promise<void> {
  const client = await createClient({ url }).connect();
  await work(client);
  await client.close();
}
