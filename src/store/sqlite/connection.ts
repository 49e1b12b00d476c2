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

// Read once, when the addon is loaded: without it no URI can say that a file is immutable. Our paths are absolute, so none
// is taken for a URI.
process.env.SQLITE_USE_URI = '1';

/** How long a statement waits for another process's transaction; a pass's own are far shorter. */
const busyTimeoutMilliseconds = 10_000;

/**
 * Opens a database file. In WAL mode readers never wait for the pass; `synchronous = NORMAL` loses at most the last
 * transactions, whole ones, when the machine loses power, and none when the process dies.
 */
export function openForWriting(path: string): Client {
  return explained(path, () => {
    makeFile(path);
    const client = new Sqlite(path, { timeout: busyTimeoutMilliseconds });
    keepTemporaryTablesInMemory(client);
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = NORMAL');
    // Contracts are many small transactions on the same pages: moved into the file every 40 MB rather than every 4.
    client.pragma('wal_autocheckpoint = 10000');
    return client;
  });
}

/**
 * Opens an existing database file for reading only. A database that nobody writes to and that lies where nothing can be
 * written, as on read-only media, is opened as immutable: SQLite would otherwise want to make files beside it.
 */
export function openForReading(path: string, { isImmutable = isOnReadOnlyMedia(path) }: SqliteAccess = {}): Client {
  const name = isImmutable ? immutableName(path) : path;
  return explained(path, () => {
    const client = new Sqlite(name, { timeout: busyTimeoutMilliseconds, readonly: true, fileMustExist: true });
    keepTemporaryTablesInMemory(client);
    return client;
  });
}

/** The name by which SQLite opens a file without asking for locks. */
export function immutableName(path: string): string {
  return `file:${encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23')}?immutable=1`;
}

/** A pass that is under way has a journal beside the file. */
function isOnReadOnlyMedia(path: string): boolean {
  if (existsSync(`${path}-wal`)) return false;
  try {
    accessSync(dirname(path), constants.W_OK);
    return false;
  } catch {
    return existsSync(path);
  }
}

/** SQLite sorts in files otherwise, and a container with a read-only root has no folder for them. */
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

/** What SQLite says against a file, for its user: whose it is where that is the reason, or else what may help. */
export function fileErrorOf(error: unknown, problem: string, path: string): HangarbayError | undefined {
  const isRefused = /^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)|^E(ACCES|PERM)$/.test(codeOf(error) ?? '');
  const owner = isRefused ? ownerInTheWay(path) : undefined;
  if (owner !== undefined) return new StorageError(`${problem}: ${owner}`, { cause: error });
  return storageErrorOf(error, problem);
}

function codeOf(error: unknown): string | undefined {
  return sqliteErrorOf(error)?.code ?? (error as NodeJS.ErrnoException).code;
}

/** The error of SQLite's own behind an error; drizzle puts it under `cause`. */
export function sqliteErrorOf(error: unknown): (Error & { readonly code: string }) | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    if (candidate instanceof Sqlite.SqliteError) return candidate as Error & { readonly code: string };
  }
  return undefined;
}
