import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql as statement } from 'drizzle-orm';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openPostgresReader } from '../../src/store/postgres/reader.ts';
import { type DatabaseMaker, databaseAt } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { type PostgresPair, startPostgresPair } from '../helpers/postgres-server.ts';
import { newUser, someRegions, type User } from './user.ts';

interface Replicated extends PostgresPair {
  /** A user of the database on the current primary. */
  readonly user: User;
  /** The same database on the hot standby. */
  readonly standbyUrl: string;
  /** Waits until the standby has replayed all commits of the primary. */
  caughtUp(): Promise<void>;
}

async function onServer<Row>(url: string, text: string): Promise<Row[]> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await client.unsafe<Row[]>(text))];
  } finally {
    await client.end();
  }
}

const settled = async (isDone: () => Promise<boolean>) => {
  while (!(await isDone())) await sleep(20);
};

/** A user whose database has a standby; passes work with the primary only. */
async function openReplicated(settings: readonly string[] = [], contracts = 30): Promise<Replicated> {
  const pair = await startPostgresPair(settings);
  onTestFinished(() => pair.stop());
  const { primary, standby } = pair;
  const name = `hangarbay_${randomUUID().replaceAll('-', '')}`;
  await onServer(primary.url, `CREATE DATABASE ${name}`);
  const places = `127.0.0.1:${standby.port},127.0.0.1:${primary.port}`;
  const maker: DatabaseMaker = {
    name: 'a primary with a standby',
    async makeDatabase() {
      const database = databaseAt(`postgres://postgres@${places}/${name}?target_session_attrs=read-write`);
      return { database, drop: async () => {} };
    },
  };
  const user = await newUser(maker, { plainContracts: contracts });
  async function caughtUp(): Promise<void> {
    const [row] = await onServer<{ lsn: string }>(primary.url, 'SELECT pg_current_wal_lsn()::text AS lsn');
    const query = `SELECT pg_last_wal_replay_lsn() >= '${row?.lsn}'::pg_lsn AS done`;
    await settled(async () => (await onServer<{ done: boolean }>(standby.url, query))[0]?.done === true);
  }
  await caughtUp();
  expect(await user.run('migrate')).toMatchObject({ code: 0, stderr: '' });
  return { ...pair, user, standbyUrl: standby.url.replace(/[^/]*$/, name), caughtUp };
}

describe('a hot standby', () => {
  it('answers as its primary does, and takes no pass', async () => {
    const { user, standbyUrl, caughtUp, primary } = await openReplicated();
    await user.aggregate();
    await caughtUp();
    const readOnly = { ...user.environment, HANGARBAY_DATABASE_URL: standbyUrl };
    const primaryToo = standbyUrl.replace('/hangarbay', `,127.0.0.1:${primary.port}/hangarbay`);
    for (const url of [standbyUrl, `${primaryToo}?target_session_attrs=standby`]) {
      const environment = { ...readOnly, HANGARBAY_DATABASE_URL: url };
      for (const words of [
        ['query', '--items', '--limit', '0', '--sort', 'contract_id', '--format', 'ndjson'],
        ['query', 'runs', '--format', 'json'],
      ]) {
        expect(await run(words, environment)).toEqual(await user.run(...words));
      }
      expect((await run(['status', '--json'], environment)).code).toBe(0);
      expect(await run(['export', 'dump', '-', '--json'], environment)).toMatchObject({ code: 0 });
    }
    for (const words of [['aggregate'], ['prune', '--gone-before', '1d']]) {
      const ended = await run(words, readOnly);
      expect(ended).toMatchObject({ code: 13, stderr: expect.stringContaining('target_session_attrs=read-write') });
    }
  });

  it('that cancels a statement is asked once more, or reported if rows are out already', async () => {
    const { primary, standby, user, standbyUrl, caughtUp } = await openReplicated(['max_standby_streaming_delay=0']);
    await user.aggregate();
    const there = primary.url.replace(/[^/]*$/, standbyUrl.replace(/^.*\//, ''));
    /** Removes rows that a snapshot on the standby still sees. */
    async function conflict(): Promise<void> {
      const count = 'SELECT sum(confl_snapshot)::int AS count FROM pg_stat_database_conflicts';
      const [before] = await onServer<{ count: number }>(standby.url, count);
      const isNoticed = async () => {
        const [now] = await onServer<{ count: number }>(standby.url, count);
        return (now?.count ?? 0) > (before?.count ?? 0);
      };
      // A transaction of the server's own, such as autovacuum's, can keep the first VACUUM from removing them.
      do {
        await onServer(there, 'UPDATE contracts SET last_seen_at = now()');
        await onServer(there, 'VACUUM contracts');
      } while (!(await vi.waitUntil(isNoticed, { timeout: 5_000, interval: 20 }).catch(() => false)));
    }
    await caughtUp();
    const reader = openPostgresReader(standbyUrl);
    onTestFinished(() => reader.close());
    const countAll = statement`SELECT count(*) AS count FROM contracts`;
    const slowly = statement`SELECT count(*) AS count, pg_sleep(60) FROM (SELECT 1 FROM contracts LIMIT 1) AS one`;
    for (const isIdle of [false, true]) {
      let attempts = 0;
      const [found] = await reader.read(async ({ all }) => {
        attempts += 1;
        await all(countAll);
        if (attempts === 1) await (isIdle ? conflict() : Promise.all([all(slowly), conflict()]));
        return all<{ count: number }>(countAll);
      });
      expect([attempts, found?.count]).toEqual([2, 30]);
      const interrupted = reader.read(async ({ all, batches }) => {
        for await (const _ of batches(statement`SELECT * FROM contracts`, { first: 1, largest: 1 })) {
          await (isIdle ? conflict() : Promise.all([all(slowly), conflict()]));
        }
      });
      await expect(interrupted).rejects.toThrow(/Run it again.*hot_standby_feedback/);
    }
  });
});

describe('a pass whose primary fails', () => {
  it('goes on with the standby that takes over, under a new lock', async () => {
    const { user, primary, standby } = await openReplicated([], 200);
    // What is committed is on both.
    await onServer(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    await onServer(primary.url, 'SELECT pg_reload_conf()');
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(60);
    await primary.crash();
    await onServer(standby.url, 'SELECT pg_promote()');
    await items.answer(90);
    await user.stored(61);
    expect((await user.run('aggregate')).code).toBe(11);
    items.open();
    expect(await pass.ended).toMatchObject({ code: 0, stderr: '' });
    await user.expectEverything();
  });

  it('ends where the standby lacks what it has stored, and the next one goes on', async () => {
    const { user, primary, standby, caughtUp } = await openReplicated();
    await user.aggregate();
    await caughtUp();
    await onServer(standby.url, "ALTER SYSTEM SET primary_conninfo = ''");
    await onServer(standby.url, 'SELECT pg_reload_conf()');
    await settled(async () => (await onServer(primary.url, 'SELECT 1 FROM pg_stat_replication')).length === 0);
    for (let added = 0; added < 100; added += 1) {
      user.esi.world.add({ region_id: someRegions[added % 3] ?? 0, type: 'item_exchange', items: [{ type_id: 587 }] });
    }
    user.esi.world.regenerate();
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate', '--no-cache');
    await items.answer(60);
    await primary.crash();
    await onServer(standby.url, 'SELECT pg_promote()');
    items.open();
    expect(await pass.ended).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('replaced by a server without the latest writes of this pass'),
    });
    await user.aggregate(0, '--no-cache');
    await user.expectEverything();
    expect((await user.run('query', 'changes', '--change', 'gone', '--count')).stdout).toBe('0\n');
  });
});
