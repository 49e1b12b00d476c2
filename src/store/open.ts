import type { Backend, LockedStore } from './backend.ts';
import type { DatabaseLocation } from './location.ts';
import type { LockWait } from './lock.ts';
import type { MigrationState } from './migrations.ts';
import type { ReadableStore } from './reader.ts';

/**
 * Takes the lock of a database and opens it for a pass. A SQLite file that does not exist is created and migrated.
 *
 * @param options.signal ends the waiting for the lock, and for a database that has gone away
 * @param options.connections to a server, at most, besides that of the lock
 * @throws {LockedError} when another pass is under way
 * @throws {NotMigratedError} when the database is not, or not fully, migrated, or newer than this program
 * @throws {StorageError} when the database cannot be reached
 */
export async function openLocked(
  location: DatabaseLocation,
  { connections, ...wait }: LockWait & { readonly connections?: number | undefined } = {},
): Promise<LockedStore> {
  return (await load(location, connections)).openLocked(wait);
}

/** Opens a database for questions; it is neither created nor changed. */
export async function openForQuestions(location: DatabaseLocation): Promise<ReadableStore> {
  return (await load(location)).openForQuestions();
}

/** Brings the schema up to date; safe to repeat, after a crash, and by several hosts at once. */
export async function migrate(location: DatabaseLocation, wait: LockWait = {}): Promise<MigrationState> {
  return (await load(location)).migrate(wait);
}

/** What is applied and what is pending; nothing is changed. */
export async function migrationStatus(location: DatabaseLocation): Promise<MigrationState> {
  return (await load(location)).migrationStatus();
}

async function load(location: DatabaseLocation, connections?: number): Promise<Backend> {
  if (location.dialect === 'sqlite')
    return (await import('./sqlite/backend.ts')).sqliteBackend(location.path, location.access);
  return (await import('./postgres/backend.ts')).postgresBackend(location.url, connections);
}
