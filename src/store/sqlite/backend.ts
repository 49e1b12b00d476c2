import { NotMigratedError } from '../../errors.ts';
import { applyPending, migrationState, readMigrations, requireMigrated } from '../migrations.ts';
import { type Backend, migrateWaitMilliseconds } from '../open.ts';
import { hasFile, makeFolderOf } from './files.ts';
import { acquireLock } from './lock.ts';
import { createDatabase, withMigrations } from './migrate.ts';
import { openSqliteReader } from './reader.ts';

/** A database in a file. */
export function sqliteBackend(path: string): Backend {
  return {
    async openLocked() {
      makeFolderOf(path);
      const lock = await acquireLock(path, 0);
      try {
        if (!hasFile(path)) await createDatabase(path);
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
      if (!hasFile(path)) {
        const commands = 'hangarbay aggregate (or: hangarbay migrate)';
        throw new NotMigratedError(`the database ${path} does not exist. Run: ${commands}`);
      }
      await withMigrations(path, 'read', requireMigrated);
      return openSqliteReader(path);
    },
    async migrate() {
      makeFolderOf(path);
      const lock = await acquireLock(path, migrateWaitMilliseconds);
      try {
        return await withMigrations(path, 'write', applyPending);
      } finally {
        lock.release();
      }
    },
    async migrationStatus() {
      if (!hasFile(path)) return { applied: [], pending: readMigrations('sqlite') };
      return withMigrations(path, 'read', migrationState);
    },
  };
}
