import { realpathSync } from 'node:fs';
import { NotMigratedError, UsageError } from '../../errors.ts';
import { type Backend, migrateWaitMilliseconds } from '../backend.ts';
import type { SqliteAccess } from '../location.ts';
import { applyPending, migrationState, readMigrations, requireMigrated } from '../migrations.ts';
import { hasFile, makeFolderOf } from './files.ts';
import { acquireLock } from './lock.ts';
import { createDatabase, withMigrations } from './migrate.ts';
import { openSqliteReader } from './reader.ts';

/** A database in a file. */
export function sqliteBackend(given: string, access?: SqliteAccess): Backend {
  const path = fileOf(given);
  return {
    async openLocked(wait) {
      refuseReadOnly(path, access);
      makeFolderOf(path);
      const lock = await acquireLock(path, wait, { isTold: true });
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
      await withMigrations(path, 'read', requireMigrated, access);
      return openSqliteReader(path, access);
    },
    async migrate(wait) {
      refuseReadOnly(path, access);
      makeFolderOf(path);
      const lock = await acquireLock(path, { waitMilliseconds: migrateWaitMilliseconds, ...wait }, { isTold: true });
      try {
        return await withMigrations(path, 'write', applyPending);
      } finally {
        lock.release();
      }
    },
    async migrationStatus() {
      if (!hasFile(path)) return { applied: [], pending: readMigrations('sqlite') };
      return withMigrations(path, 'read', migrationState, access);
    },
  };
}

/** The file that a path leads to: one that is reached by two names has one lock. */
function fileOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there yet, or cannot be reached, which is told where it is opened.
    return path;
  }
}

function refuseReadOnly(path: string, { isReadOnly = false, isImmutable = false }: SqliteAccess = {}): void {
  if (!isReadOnly && !isImmutable) return;
  throw new UsageError(
    `the database ${path} is to be read only (mode=ro or immutable=1), and this command writes to it`,
  );
}
