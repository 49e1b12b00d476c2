import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connect, giveUpAll } from '../../src/store/postgres/connection.ts';
import { tryLock } from '../../src/store/postgres/lock.ts';
import { openPostgresReader } from '../../src/store/postgres/reader.ts';
import { isAtWork, isBehindPooler } from '../../src/store/postgres/silence.ts';
import { type DatabaseMaker, databaseAt } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { hasPgBouncer, startPgBouncer } from '../helpers/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { isThorough, whyInHurry } from '../helpers/thorough.ts';
import { newUser, type User } from './user.ts';

const reason = hasPgBouncer() ? '' : ' (skipped: no pgbouncer on the path)';

let server: PostgresServer;
beforeAll(async () => {
  if (reason === '') server = await startPostgres();
});
afterAll(() => server?.stop());

/** A user behind a pooler, and the environment in which the same database is reached without it. */
async function userBehind(mode: Parameters<typeof startPgBouncer>[1], settings: readonly string[] = []) {
  const name = `hangarbay_${randomUUID().replaceAll('-', '')}`;
  const client = postgres(server.url, { max: 1 });
  await client.unsafe(`CREATE DATABASE ${name}`);
  await client.end();
  const direct = server.url.replace(/[^/]*$/, name);
  const pooled = await startPgBouncer(direct, mode, settings);
  const maker: DatabaseMaker = {
    name: `PostgreSQL behind PgBouncer in ${mode} mode`,
    makeDatabase: async () => ({ database: databaseAt(pooled), drop: async () => {} }),
  };
  const user = await newUser(maker, { plainContracts: 60 });
  return { user, direct: { ...user.environment, HANGARBAY_DATABASE_URL: direct } };
}

async function expectAnswers(user: User): Promise<void> {
  await user.expectEverything();
  for (const words of [
    ['query', 'runs', '--format', 'json'],
    ['status', '--json'],
    ['export', 'dump', '-'],
  ]) {
    expect(await user.run(...words)).toMatchObject({ code: 0, stderr: '' });
  }
}

/** A process talks to one server, and remembers it. */
afterEach(giveUpAll);

describe.skipIf(reason !== '')(`PgBouncer${reason}`, () => {
  it('in session mode does for everything, and a second pass waits for the first', async () => {
    const { user } = await userBehind('session');
    expect(await user.run('migrate')).toMatchObject({ code: 0, stderr: '' });
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate', '--json');
    await items.answer(5);
    expect((await user.run('aggregate')).code).toBe(11);
    items.open();
    expect(await pass.ended).toMatchObject({ code: 0, stderr: '' });
    await expectAnswers(user);
    const url = `${user.database.url}?search_path=public`;
    const refused = await user.run('query', '--count', '--database-url', url);
    expect(refused).toMatchObject({ code: 13, stderr: expect.stringContaining('search_path') });
    expect(await user.run('prune', '--gone-before', '1d')).toMatchObject({ code: 0, stderr: '' });
    await user.aggregate();
  });

  it('is at work on a statement, whichever number it gives its process', async () => {
    const { user, direct } = await userBehind('session');
    // It draws any 32 bits, of which the server's own numbers have 31.
    for (const pid of [1, 2 ** 31, 2 ** 32 - 1]) {
      expect(await isAtWork(user.database.url, pid)).toBe(true);
      expect(await isAtWork(direct.HANGARBAY_DATABASE_URL, pid)).toBe(false);
    }
  });

  it('is told from a server', async () => {
    const { user, direct } = await userBehind('session');
    const pooled = await Promise.all(
      [user.database.url, direct.HANGARBAY_DATABASE_URL].map(async (url) => {
        const client = connect(url, { connections: 1 });
        return isBehindPooler(client);
      }),
    );
    expect(pooled).toEqual([true, false]);
  });

  it('in statement mode does for nothing', async () => {
    const { user, direct } = await userBehind('statement');
    expect(await run(['migrate'], direct)).toMatchObject({ code: 0, stderr: '' });
    for (const words of [['aggregate'], ['query']]) expect((await user.run(...words)).code).toBe(13);
    expect(await run(['aggregate'], direct)).toMatchObject({ code: 0, stderr: '' });
  });

  it('has a lock that its first holder alone has, where nothing gave away that sessions share a connection', async () => {
    const { user, direct } = await userBehind('transaction', ['default_pool_size = 1']);
    expect(await user.run('migrate')).toMatchObject({ code: 0, stderr: '' });
    const pooled = postgres(user.database.url, { max: 1, prepare: false });
    onTestFinished(() => pooled.end());
    // As a pass on another host took it, through another pooler.
    await pooled.unsafe("SELECT pg_advisory_lock(hashtext('hangarbay'), hashtext(current_schema()))");
    expect(await pooled.unsafe(new PgDialect().sqlToQuery(tryLock).sql)).toEqual([{ held: null }]);
    expect((await run(['aggregate'], direct)).code).toBe(11);
  });

  it.skipIf(whyInHurry !== '')(`is given the time that a long statement takes${whyInHurry}`, async () => {
    const { user } = await userBehind('transaction');
    await user.run('migrate');
    const reader = openPostgresReader(user.database.url);
    await expect(reader.read(({ all }) => all(sql`SELECT 7 AS seven FROM pg_sleep(27)`))).resolves.toEqual([
      { seven: 7 },
    ]);
  });

  it('in transaction mode does for migrate and for questions', async () => {
    const { user, direct } = await userBehind('transaction');
    expect(await user.run('migrate')).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['aggregate'], direct)).toMatchObject({ code: 0, stderr: '' });
    await expectAnswers(user);
  });

  it.each([
    ['transaction', []],
    ['transaction', ['server_round_robin = 1']],
    ['transaction', ['default_pool_size = 1']],
    ['transaction', ['default_pool_size = 2']],
  ] as const)('in %s mode, with %s, refuses a pass and leaves no lock', async (mode, settings) => {
    const { user, direct } = await userBehind(mode, settings);
    expect(await run(['migrate'], direct)).toMatchObject({ code: 0, stderr: '' });
    await Promise.all([1, 2, 3].map(() => user.run('query', '--count')));
    const dump = join(temporaryFolder(), 'dump.gz');
    await user.run('export', 'dump', dump);
    const commands = [['aggregate'], ['prune', '--gone-before', '1d'], ['import', 'dump', dump]];
    // Each of them waits ten seconds for the only connection.
    const isSlow = (settings as readonly string[]).includes('default_pool_size = 1');
    for (const words of isSlow && !isThorough ? commands.slice(0, 1) : commands) {
      const begun = Date.now();
      expect(await user.run(...words)).toMatchObject({
        code: 13,
        stdout: '',
        stderr: expect.stringContaining('pooler'),
      });
      expect(Date.now() - begun).toBeLessThan(30_000);
    }
    expect(user.esi.requests.length).toBe(0);
    expect(await run(['aggregate'], direct)).toMatchObject({ code: 0, stderr: '' });
  });
});
