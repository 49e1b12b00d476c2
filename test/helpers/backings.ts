import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { inject, onTestFinished } from 'vitest';
import { type DatabaseLocation, readConfig } from '../../src/config.ts';
import { type LockedStore, migrate, openForQuestions, openLocked } from '../../src/store/open.ts';
import type { Reader } from '../../src/store/store.ts';
import { makeFolder } from './temporary.ts';

/** A kind of database that every store, pass and query test runs on. */
export interface Backing {
  readonly name: string;
  /** A database, not migrated yet, and how to be rid of it. */
  makeDatabase(): Promise<MadeDatabase>;
}

export interface MadeDatabase {
  readonly database: TestDatabase;
  drop(): Promise<void>;
}

export interface TestDatabase {
  /** As `HANGARBAY_DATABASE_URL` takes it. */
  readonly url: string;
  readonly location: DatabaseLocation;
  /** As `HANGARBAY_CACHE_URL` takes it, where validators are kept in Redis. */
  readonly cacheUrl?: string;
}

export function databaseAt(url: string): TestDatabase {
  const { databaseUrl } = readConfig(['databaseUrl'], { flags: { databaseUrl: url }, environment: {} });
  return { url, location: databaseUrl };
}

export const sqlite: Backing = {
  name: 'SQLite',
  async makeDatabase() {
    const folder = makeFolder();
    return {
      database: databaseAt(`sqlite:${join(folder, 'contracts.db')}`),
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** A schema of its own is as good as a database of its own, and made in a twentieth of the time. */
export const postgreSql: Backing = {
  name: 'PostgreSQL',
  async makeDatabase() {
    const server = inject('postgresUrl');
    const schema = `hangarbay_${randomUUID().replaceAll('-', '')}`;
    await onServer(server, `CREATE SCHEMA ${schema}`);
    const url = new URL(server);
    url.searchParams.set('search_path', schema);
    return { database: databaseAt(url.href), drop: () => onServer(server, `DROP SCHEMA ${schema} CASCADE`) };
  },
};

const redisUrl = inject('redisUrl');

const postgreSqlWithRedis: Backing = {
  name: 'PostgreSQL with validators in Redis',
  async makeDatabase() {
    const { database, drop } = await postgreSql.makeDatabase();
    if (redisUrl === undefined) throw new Error('there is no Redis');
    return {
      database: { ...database, cacheUrl: redisUrl },
      async drop() {
        await forgetValidators(database, redisUrl);
        await drop();
      },
    };
  },
};

/** For tests that have nothing to do with validators: `describe.each(backings)('… on $name', (backing) => …)`. */
export const backings: readonly Backing[] = [sqlite, postgreSql];

/** For tests of whole passes. */
export const passBackings: readonly Backing[] = redisUrl === undefined ? backings : [...backings, postgreSqlWithRedis];

/** Why tests with Redis are skipped; undefined where they are not. */
export const noRedis: string | undefined =
  redisUrl === undefined ? 'skipped: no Redis (HANGARBAY_TEST_REDIS_URL, 127.0.0.1:6379 or redis-server)' : undefined;

async function onServer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  await client.unsafe(statement);
  await client.end();
}

/** The keys of a test's database are its own, by the identity in them. */
async function forgetValidators(database: TestDatabase, url: string): Promise<void> {
  const identity = await readFrom(database, (reader) =>
    reader.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'identity'`),
  ).catch(() => []);
  const client = await createClient({ url }).connect();
  for (const { value } of identity) {
    const keys = await client.keys(`hangarbay:${value}::*`);
    if (keys.length > 0) await client.del(keys);
  }
  await client.close();
}

/** A database of the test's own, not migrated yet; it is gone after the test. */
export async function newDatabase(backing: Backing): Promise<TestDatabase> {
  const { database, drop } = await backing.makeDatabase();
  onTestFinished(drop);
  return database;
}

/** A new, migrated database, opened as a pass opens it, its lock held; both are closed after the test. */
export async function openTestStore(backing: Backing): Promise<LockedStore & { database: TestDatabase }> {
  const database = await newDatabase(backing);
  await migrate(database.location);
  const locked = await openLocked(database.location);
  let isClosed = false;
  async function close(): Promise<void> {
    if (!isClosed) await locked.close();
    isClosed = true;
  }
  onTestFinished(close);
  return { store: locked.store, close, database };
}

/** Reads from a database as a query does. */
export async function readFrom<Result>(
  { location }: TestDatabase,
  work: (reader: Reader) => Promise<Result>,
): Promise<Result> {
  const readable = await openForQuestions(location);
  try {
    return await readable.read(work);
  } finally {
    await readable.close();
  }
}
