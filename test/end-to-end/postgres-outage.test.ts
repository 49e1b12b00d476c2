import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DatabaseMaker, databaseAt } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { freePort } from '../helpers/free-port.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres-server.ts';
import { newUser } from './user.ts';

/** A server for these tests only. */
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const ownServer: DatabaseMaker = {
  name: 'a PostgreSQL of its own',
  async makeDatabase() {
    const name = `hangarbay_${randomUUID().replaceAll('-', '')}`;
    await onServer(server.url, (sql) => sql.unsafe(`CREATE DATABASE ${name}`));
    return { database: databaseAt(server.url.replace(/[^/]*$/, name)), drop: async () => {} };
  },
};

async function onServer(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await work(sql);
  await sql.end();
}

describe('a pass whose PostgreSQL fails', () => {
  it('exits with 13 when it cannot be reached, and never shows the password', async () => {
    const url = `postgres://pilot:hunter2@127.0.0.1:${await freePort()}/contracts`;
    for (const command of ['migrate', 'aggregate', 'query']) {
      const ended = await run([command], { HANGARBAY_DATABASE_URL: url, HANGARBAY_CONTACT: 'pilot@example.com' });
      expect(ended).toMatchObject({ code: 13, stdout: '' });
      expect(ended.stderr).toContain('cannot reach the database contracts at 127.0.0.1');
      expect(ended.stderr).not.toContain('hunter2');
    }
  });

  it('survives a restart of the server, and holds the lock again afterwards', async () => {
    const user = await newUser(ownServer, { contracts: 300 });
    await user.run('migrate');
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(50);
    await server.restart();
    await items.answer(100);
    // Nothing is stored without the lock.
    await user.stored(51);
    expect((await user.run('aggregate')).code).toBe(11);
    items.open();
    expect(await pass.ended).toMatchObject({ code: 0, stderr: '' });
    await user.expectEverything();
  });

  it('takes its lock again when only that connection was cut', async () => {
    const user = await newUser(ownServer, { plainContracts: 200 });
    await user.run('migrate');
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(50);
    await onServer(
      user.database.url,
      (sql) => sql`
        SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await items.answer(100);
    await user.stored(51);
    expect((await user.run('aggregate')).code).toBe(11);
    items.open();
    expect((await pass.ended).code).toBe(0);
    await user.expectEverything();
  });

  it('ends on SIGTERM although its PostgreSQL hangs, and the next pass completes', async () => {
    const user = await newUser(ownServer, { plainContracts: 200 });
    await user.run('migrate');
    const name = user.database.url.replace(/.*\//, '');
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(100);
    const backends: number[] = [];
    await onServer(server.url, async (sql) => {
      const rows = await sql<{ pid: number }[]>`SELECT pid FROM pg_stat_activity WHERE datname = ${name}`;
      backends.push(...rows.map(({ pid }) => pid));
    });
    for (const backend of backends) process.kill(backend, 'SIGSTOP');
    items.open();
    try {
      pass.process.kill('SIGTERM');
      const { code, stderr } = await pass.ended;
      expect({ code, stderr }).toEqual({ code: 143, stderr: expect.stringContaining('did not end in time') });
    } finally {
      for (const backend of backends) process.kill(backend, 'SIGCONT');
    }
    await vi.waitUntil(async () => (await user.run('aggregate')).code === 0, { timeout: 20_000, interval: 200 });
    await user.expectEverything();
  });

  it('exits with 13 when the server goes away for good, and the next pass completes', async () => {
    const user = await newUser(ownServer, { plainContracts: 200 });
    await user.run('migrate');
    const name = user.database.url.replace(/.*\//, '');
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(100);
    await onServer(server.url, async (sql) => {
      await sql.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`;
    });
    items.open();
    expect((await pass.ended).code).toBe(13);
    await onServer(server.url, (sql) => sql.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`));
    await user.aggregate();
    await user.expectEverything();
  });
});
