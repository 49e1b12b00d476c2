import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database as SqliteDatabase } from 'better-sqlite3';
import { type HangarbayError, messageOf, StorageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import type { SqliteAccess } from '../location.ts';
import { makeFile } from './files.ts';
import { Sqlite } from './library.ts';
import { ownerInTheWay } from './owner.ts';

export type Client = SqliteDatabase;

// Read when the addon is loaded; without it, no URI can mark a file as immutable. Our paths are absolute, so none is
// mistaken for a URI.
process.env.SQLITE_USE_URI = '1';

/** How long a statement waits for another process's transaction; those of a pass are far shorter. */
const busyTimeoutMilliseconds = 10_000;

/**
 * Opens a database file. In WAL mode readers never wait for the pass. `synchronous = NORMAL` can lose the latest
 * transactions on a power failure, always as a whole, and none when the process dies.
 */
export function openForWriting(path: string): Client {
  return explained(path, () => {
    makeFile(path);
    const client = new Sqlite(path, { timeout: busyTimeoutMilliseconds });
    keepTemporaryTablesInMemory(client);
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = NORMAL');
    // Half of the default: a pass of 46,000 contracts is no slower, because the system keeps the file in memory, too.
    client.pragma('cache_size = -8000');
    // A pass writes many small transactions to the same pages, so checkpoints run every 40 MB instead of every 4.
    client.pragma('wal_autocheckpoint = 10000');
    return client;
  });
}

/**
 * Opens an existing database file read-only. A database without a writer on read-only media is opened as immutable,
 * because SQLite would otherwise try to create files next to it.
 */
export function openForReading(path: string, { isImmutable = isOnReadOnlyMedia(path) }: SqliteAccess = {}): Client {
  const name = isImmutable ? immutableName(path) : path;
  return explained(path, () => {
    const client = new Sqlite(name, { timeout: busyTimeoutMilliseconds, readonly: true, fileMustExist: true });
    keepTemporaryTablesInMemory(client);
    return client;
  });
}

/** The URI with which SQLite opens a file without locks. */
export function immutableName(path: string): string {
  return `file:${encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23')}?immutable=1`;
}

/** A running pass has a journal next to the file. */
function isOnReadOnlyMedia(path: string): boolean {
  if (existsSync(`${path}-wal`)) return false;
  try {
    accessSync(dirname(path), constants.W_OK);
    return false;
  } catch {
    return existsSync(path);
  }
}

/** By default SQLite sorts in temporary files, which a container with a read-only root does not have. */
function keepTemporaryTablesInMemory(client: Client): void {
  client.pragma('temp_store = MEMORY');
}

function explained<Result>(path: string, open: () => Result): Result {
  const problem = `cannot open the database ${path}`;
  try {
    return open();
  } catch (error) {
    throw fileErrorOf(error, problem, path) ?? new StorageError(`${problem}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * SQLite's error about a file as a message for the user: the file's owner if that is the reason, otherwise a remedy.
 */
export function fileErrorOf(error: unknown, problem: string, path: string): HangarbayError | undefined {
  const isRefused = /^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)|^E(ACCES|PERM)$/.test(codeOf(error) ?? '');
  const owner = isRefused ? ownerInTheWay(path) : undefined;
  if (owner !== undefined) return new StorageError(`${problem}: ${owner}`, { cause: error });
  return storageErrorOf(error, problem);
}

function codeOf(error: unknown): string | undefined {
  return sqliteErrorOf(error)?.code ?? (error as NodeJS.ErrnoException).code;
}

/** The SQLite error behind an error; drizzle stores it as `cause`. */
export function sqliteErrorOf(error: unknown): (Error & { readonly code: string }) | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    if (candidate instanceof Sqlite.SqliteError) return candidate as Error & { readonly code: string };
  }
  return undefined;
}
