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
      const lock = await acquireLock(path, wait, { recordsHolder: true });
      try {
        if (!hasFile(path)) await createDatabase(path);
        await withMigrations(path, 'read', requireMigrated);
        // Not loaded for queries, which do not need it.
        const { openSqliteStore } = await import('./store.ts');
        return await openSqliteStore(path, lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    },
    async openForQueries() {
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
      const lock = await acquireLock(
        path,
        { waitMilliseconds: migrateWaitMilliseconds, ...wait },
        { recordsHolder: true },
      );
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

/** The real path of a database file: a file with two names has one lock. */
function fileOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // The file is missing or inaccessible, which is reported when it is opened.
    return path;
  }
}

function refuseReadOnly(path: string, { isReadOnly = false, isImmutable = false }: SqliteAccess = {}): void {
  if (!isReadOnly && !isImmutable) return;
  throw new UsageError(
    `the database ${path} is opened read-only (mode=ro or immutable=1), but this command writes to it`,
  );
}
