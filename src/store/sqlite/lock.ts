import { setTimeout as sleep } from 'node:timers/promises';
import SqliteClient from 'better-sqlite3';
import { LockedError, messageOf, StorageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import { sqliteErrorOf } from './connection.ts';
import { makeFile } from './files.ts';

/** Held until released, or until the process ends in whatever way. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a database file: an exclusive transaction on an empty database beside it. The operating system
 * frees it with the process, so a killed pass strands nothing, and no age has to be guessed. Not for network file
 * systems, where SQLite itself is not safe either.
 *
 * @param waitMilliseconds how long to wait for the holder to finish
 * @throws {LockedError} when another process holds it
 */
export async function acquireLock(databasePath: string, waitMilliseconds: number): Promise<Lock> {
  const path = `${databasePath}.lock`;
  const deadline = Date.now() + waitMilliseconds;
  for (;;) {
    const client = tryLock(path);
    if (client !== undefined) return { release: () => client.close() };
    if (Date.now() >= deadline) throw new LockedError(`another pass holds the lock of ${databasePath} (${path})`);
    await sleep(100);
  }
}

function tryLock(path: string): SqliteClient.Database | undefined {
  let client: SqliteClient.Database | undefined;
  try {
    makeFile(path);
    client = new SqliteClient(path, { timeout: 0 });
    client.exec('BEGIN EXCLUSIVE');
    return client;
  } catch (error) {
    client?.close();
    if (sqliteErrorOf(error)?.code === 'SQLITE_BUSY') return undefined;
    const problem = `cannot lock ${path}`;
    throw storageErrorOf(error, problem) ?? new StorageError(`${problem}: ${messageOf(error)}`, { cause: error });
  }
}
