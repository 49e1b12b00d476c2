import SqliteClient, { type Database as SqliteDatabase } from 'better-sqlite3';
import { messageOf, StorageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import { makeFile } from './files.ts';

export type Client = SqliteDatabase;

/** How long a statement waits for another process's transaction; a pass's own are far shorter. */
const busyTimeoutMilliseconds = 10_000;

/**
 * Opens a database file. In WAL mode readers never wait for the pass; `synchronous = NORMAL` loses at most the last
 * transactions, whole ones, when the machine loses power, and none when the process dies.
 */
export function openForWriting(path: string): Client {
  return explained(path, () => {
    makeFile(path);
    const client = new SqliteClient(path, { timeout: busyTimeoutMilliseconds });
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = NORMAL');
    // Contracts are many small transactions on the same pages: moved into the file every 40 MB rather than every 4.
    client.pragma('wal_autocheckpoint = 10000');
    return client;
  });
}

/** Opens an existing database file for reading only. */
export function openForReading(path: string): Client {
  return explained(path, () => {
    return new SqliteClient(path, { timeout: busyTimeoutMilliseconds, readonly: true, fileMustExist: true });
  });
}

function explained<Result>(path: string, open: () => Result): Result {
  const problem = `cannot open the database ${path}`;
  try {
    return open();
  } catch (error) {
    throw storageErrorOf(error, problem) ?? new StorageError(`${problem}: ${messageOf(error)}`, { cause: error });
  }
}

/** The error of SQLite's own behind an error; drizzle puts it under `cause`. */
export function sqliteErrorOf(error: unknown): (Error & { readonly code: string }) | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    if (candidate instanceof SqliteClient.SqliteError) return candidate as Error & { readonly code: string };
  }
  return undefined;
}
