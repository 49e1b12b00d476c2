import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseLocation } from '../config.ts';
import { messageOf, NotMigratedError, StorageError, UsageError } from '../errors.ts';
import { applyPending, type MigrationState, migrationState, requireMigrated } from './migrations.ts';
import type { ReadableStore, Store } from './store.ts';

/** `migrate` waits this long for a pass or another `migrate` to finish. */
const migrateWaitMilliseconds = 30_000;

/** A store whose lock this process holds. */
export interface LockedStore {
  readonly store: Store;
  /** Closes the store, then frees the lock. */
  close(): Promise<void>;
}

/**
 * Takes the lock of a database and opens it for a pass. A SQLite file that does not exist is created and migrated.
 *
 * @throws {LockedError} when another pass is under way
 * @throws {NotMigratedError} when the database is not, or not fully, migrated, or newer than this program
 */
export async function openLocked(location: DatabaseLocation): Promise<LockedStore> {
  const path = sqlitePath(location);
  const { acquireLock, createDatabase, openSqliteStore, withMigrations } = await import('./sqlite/index.ts');
  makeFolder(path);
  const lock = await acquireLock(path, 0);
  try {
    if (!existsSync(path)) await createDatabase(path);
    await withMigrations(path, 'read', requireMigrated);
    const store = await openSqliteStore(path);
    return {
      store,
      async close() {
        await store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens a database for questions; it is neither created nor changed. */
export async function openForQuestions(location: DatabaseLocation): Promise<ReadableStore> {
  const path = sqlitePath(location);
  if (!existsSync(path)) {
    throw new NotMigratedError(`the database ${path} does not exist. Run: hangarbay aggregate (or: hangarbay migrate)`);
  }
  const { openSqliteReader, withMigrations } = await import('./sqlite/index.ts');
  await withMigrations(path, 'read', requireMigrated);
  return openSqliteReader(path);
}

/** Brings the schema up to date; safe to repeat, and after a crash. */
export async function migrate(location: DatabaseLocation): Promise<MigrationState> {
  const path = sqlitePath(location);
  const { acquireLock, withMigrations } = await import('./sqlite/index.ts');
  makeFolder(path);
  const lock = await acquireLock(path, migrateWaitMilliseconds);
  try {
    return await withMigrations(path, 'write', applyPending);
  } finally {
    lock.release();
  }
}

/** What is applied and what is pending; nothing is changed. */
export async function migrationStatus(location: DatabaseLocation): Promise<MigrationState> {
  const path = sqlitePath(location);
  const { readMigrations, withMigrations } = await import('./sqlite/index.ts');
  if (!existsSync(path)) return { applied: [], pending: readMigrations('sqlite') };
  return withMigrations(path, 'read', migrationState);
}

function sqlitePath(location: DatabaseLocation): string {
  if (location.dialect === 'sqlite') return location.path;
  throw new UsageError('this version works with SQLite only; for example --database-url sqlite:/var/lib/hangarbay.db');
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new StorageError(`cannot create the folder of the database ${path}: ${messageOf(error)}`, { cause: error });
  }
}
