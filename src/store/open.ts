import type { Backend, LockedStore } from './backend.ts';
import type { DatabaseLocation } from './location.ts';
import type { LockWait } from './lock.ts';
import type { MigrationState } from './migrations.ts';
import type { ReadableStore } from './reader.ts';

/**
 * Takes the lock of a database and opens it for a pass. A SQLite file that does not exist is created and migrated.
 *
 * @param options.signal ends the wait for the lock, and for a lost server
 * @param options.connections maximum of connections to a server, in addition to that of the lock
 * @throws {LockedError} when another process holds the lock
 * @throws {NotMigratedError} when the database is not, or not fully, migrated, or newer than this program
 * @throws {StorageError} when the database is unreachable
 */
export async function openLocked(
  location: DatabaseLocation,
  { connections, ...wait }: LockWait & { readonly connections?: number | undefined } = {},
): Promise<LockedStore> {
  return (await load(location, connections)).openLocked(wait);
}

/** Opens a database for queries, without creating or changing it. */
export async function openForQueries(location: DatabaseLocation): Promise<ReadableStore> {
  return (await load(location)).openForQueries();
}

/** Migrates the schema; safe to repeat, after a crash, and from several hosts at once. */
export async function migrate(location: DatabaseLocation, wait: LockWait = {}): Promise<MigrationState> {
  return (await load(location)).migrate(wait);
}

/** Applied and pending migrations; changes nothing. */
export async function migrationStatus(location: DatabaseLocation): Promise<MigrationState> {
  return (await load(location)).migrationStatus();
}

async function load(location: DatabaseLocation, connections?: number): Promise<Backend> {
  if (location.dialect === 'sqlite')
    return (await import('./sqlite/backend.ts')).sqliteBackend(location.path, location.access);
  return (await import('./postgres/backend.ts')).postgresBackend(location.url, connections);
}
