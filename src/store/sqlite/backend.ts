import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, NotMigratedError, StorageError } from '../../errors.ts';
import { applyPending, migrationState, readMigrations, requireMigrated } from '../migrations.ts';
import { type Backend, migrateWaitMilliseconds } from '../open.ts';
import { acquireLock } from './lock.ts';
import { createDatabase, withMigrations } from './migrate.ts';
import { openSqliteReader } from './reader.ts';

/** A database in a file. */
export function sqliteBackend(path: string): Backend {
  return {
    async openLocked() {
      makeFolder(path);
      const lock = await acquireLock(path, 0);
      try {
        if (!existsSync(path)) await createDatabase(path);
        await withMigrations(path, 'read', requireMigrated);
        // Not loaded for a question, which has no use for it.
        const { openSqliteStore } = await import('./store.ts');
        return await openSqliteStore(path, lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    },
    async openForQuestions() {
      if (!existsSync(path)) {
        const commands = 'hangarbay aggregate (or: hangarbay migrate)';
        throw new NotMigratedError(`the database ${path} does not exist. Run: ${commands}`);
      }
      await withMigrations(path, 'read', requireMigrated);
      return openSqliteReader(path);
    },
    async migrate() {
      makeFolder(path);
      const lock = await acquireLock(path, migrateWaitMilliseconds);
      try {
        return await withMigrations(path, 'write', applyPending);
      } finally {
        lock.release();
      }
    },
    async migrationStatus() {
      if (!existsSync(path)) return { applied: [], pending: readMigrations('sqlite') };
      return withMigrations(path, 'read', migrationState);
    },
  };
}

function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new StorageError(`the database ${path} is a folder; name a file in it`);
  }
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new StorageError(`cannot create the folder of the database ${path}: ${messageOf(error)}`, { cause: error });
  }
}
