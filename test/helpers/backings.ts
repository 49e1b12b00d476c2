import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DatabaseLocation, readConfig } from '../../src/config.ts';
import { type LockedStore, migrate, openForQuestions, openLocked } from '../../src/store/open.ts';
import type { Reader } from '../../src/store/store.ts';
import { temporaryFolder } from './temporary.ts';

/** A kind of database that every store, pass and query test runs on. */
export interface Backing {
  readonly name: string;
  /** A database of the test's own, not migrated yet; it is gone after the test. */
  newDatabase(): Promise<TestDatabase>;
}

export interface TestDatabase {
  /** As `HANGARBAY_DATABASE_URL` takes it. */
  readonly url: string;
  readonly location: DatabaseLocation;
}

export function databaseAt(url: string): TestDatabase {
  const { databaseUrl } = readConfig(['databaseUrl'], { flags: { databaseUrl: url }, environment: {} });
  return { url, location: databaseUrl };
}

const sqlite: Backing = {
  name: 'SQLite',
  async newDatabase() {
    return databaseAt(`sqlite:${join(temporaryFolder(), 'contracts.db')}`);
  },
};

/** For `describe.each(backings)('… on $name', ({ newDatabase }) => …)`. */
export const backings: readonly Backing[] = [sqlite];

/** A new, migrated database, opened as a pass opens it, its lock held; both are closed after the test. */
export async function openTestStore({ newDatabase }: Backing): Promise<LockedStore & { database: TestDatabase }> {
  const database = await newDatabase();
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
