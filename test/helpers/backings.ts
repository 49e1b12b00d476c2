import { randomUUID } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import SqliteClient from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { inject, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { LockedStore } from '../../src/store/backend.ts';
import type { DatabaseLocation } from '../../src/store/location.ts';
import { openForQueries, openLocked } from '../../src/store/open.ts';
import type { ReadableStore, Reader } from '../../src/store/reader.ts';
import type { Instant } from '../../src/time.ts';
import { takeReadySchema } from './ready-schemas.ts';
import { makeFolder } from './temporary.ts';

export interface DatabaseMaker {
  readonly name: string;
  /** A database, not migrated yet, and how to be rid of it. */
  makeDatabase(): Promise<MadeDatabase>;
}

/** A kind of database that every store, pass and query test runs on. */
export interface Backing extends DatabaseMaker {
  /** The same with all migrations: a copy, or one that a test before has used and left empty. */
  makeMigrated(): Promise<MadeDatabase>;
}

export interface MadeDatabase {
  readonly database: TestDatabase;
  drop(): Promise<void>;
}

export interface TestDatabase {
  /** As `HANGARBAY_DATABASE_URL` takes it. */
  readonly url: string;
  readonly location: DatabaseLocation;
  /** A value for `HANGARBAY_CACHE_URL`, if validators are kept in Redis. */
  readonly cacheUrl?: string;
  /** An open reader, shared by several tests. */
  readonly readable?: ReadableStore;
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
  async makeMigrated() {
    const made = await sqlite.makeDatabase();
    const { location } = made.database;
    if (location.dialect === 'sqlite') copyTemplate(location.path);
    return made;
  },
};

/** A separate schema is equivalent to a separate database, and created in a twentieth of the time. */
export const postgreSql: Backing = {
  name: 'PostgreSQL',
  async makeDatabase() {
    const schema = `hangarbay_${randomUUID().replaceAll('-', '')}`;
    await onServer(`CREATE SCHEMA ${schema}`);
    const url = new URL(inject('postgresUrl'));
    url.searchParams.set('search_path', schema);
    return { database: databaseAt(url.href), drop: async () => void (await onServer(`DROP SCHEMA ${schema} CASCADE`)) };
  },
  async makeMigrated() {
    const { url, giveBack } = await takeReadySchema(inject('postgresUrl'), inject('readySchemas'), onServer);
    return { database: databaseAt(url.href), drop: giveBack };
  },
};

const redisUrl = inject('redisUrl');

const postgreSqlWithRedis: Backing = {
  name: 'PostgreSQL with validators in Redis',
  makeDatabase: async () => withRedis(await postgreSql.makeDatabase()),
  makeMigrated: async () => withRedis(await postgreSql.makeMigrated()),
};

function withRedis({ database, drop }: MadeDatabase): MadeDatabase {
  if (redisUrl === undefined) throw new Error('there is no Redis');
  return {
    database: { ...database, cacheUrl: redisUrl },
    async drop() {
      await forgetValidators(database, redisUrl);
      await drop();
    },
  };
}

/** For tests that have nothing to do with validators: `describe.each(backings)('… on $name', (backing) => …)`. */
export const backings: readonly Backing[] = [sqlite, postgreSql];

/** For tests of whole passes. */
export const passBackings: readonly Backing[] = redisUrl === undefined ? backings : [...backings, postgreSqlWithRedis];

/** For whole processes: the defaults, and all servers at once. */
export const processBackings: readonly Backing[] = [sqlite, redisUrl === undefined ? postgreSql : postgreSqlWithRedis];

/** Why tests with Redis are skipped; undefined if they run. */
export const noRedis: string | undefined =
  redisUrl === undefined ? 'skipped: no Redis (HANGARBAY_TEST_REDIS_URL, 127.0.0.1:6379 or redis-server)' : undefined;

/** The connection of this process for administration, closed when idle. */
let administration: postgres.Sql | undefined;

async function onServer(statement: string): Promise<readonly postgres.Row[]> {
  const options = { max: 1, idle_timeout: 5, fetch_types: false, onnotice: () => {} };
  administration ??= postgres(inject('postgresUrl'), options);
  return administration.unsafe(statement);
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
export async function newDatabase(backing: DatabaseMaker): Promise<TestDatabase> {
  const { database, drop } = await backing.makeDatabase();
  onTestFinished(drop);
  return database;
}

/** The same, migrated already. */
export async function newMigratedDatabase(backing: Backing): Promise<TestDatabase> {
  const { database, drop } = await backing.makeMigrated();
  onTestFinished(drop);
  return database;
}

/** A new, migrated database, opened as a pass opens it, its lock held; both are closed after the test. */
export async function openTestStore(backing: Backing): Promise<LockedStore & { database: TestDatabase }> {
  const database = await newMigratedDatabase(backing);
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
  { location, readable: opened }: TestDatabase,
  work: (reader: Reader) => Promise<Result>,
  now?: Instant,
): Promise<Result> {
  if (opened !== undefined) return opened.read(work, now);
  const readable = await openForQueries(location);
  try {
    return await readable.read(work, now);
  } finally {
    await readable.close();
  }
}

/** A copy has the identity of its template, and each test has a separate database. */
function copyTemplate(path: string): void {
  copyFileSync(inject('sqliteTemplate'), path);
  const client = new SqliteClient(path);
  client.exec("UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'identity'");
  client.close();
}
