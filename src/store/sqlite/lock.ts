import { chmodSync, chownSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { LockedError, messageOf, StorageError } from '../../errors.ts';
import { fileErrorOf, sqliteErrorOf } from './connection.ts';
import { makeFile } from './files.ts';
import { Sqlite } from './library.ts';

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
    const client = tryLock(path, databasePath);
    if (client !== undefined) return { release: () => client.close() };
    if (Date.now() >= deadline) throw new LockedError(`another pass holds the lock of ${databasePath} (${path})`);
    await sleep(100);
  }
}

/** As SQLite does with the files beside a database: a pass that root ran once must not keep its owner out for good. */
function followOwner(path: string, databasePath: string): void {
  const database = statSync(databasePath, { throwIfNoEntry: false });
  if (database === undefined || process.getuid?.() !== 0) return;
  const lock = statSync(path);
  if (lock.uid !== database.uid || lock.gid !== database.gid) chownSync(path, database.uid, database.gid);
  if (lock.uid === 0 && lock.mode !== database.mode) chmodSync(path, database.mode & 0o777);
}

function tryLock(path: string, databasePath: string): Database | undefined {
  let client: Database | undefined;
  try {
    makeFile(path);
    followOwner(path, databasePath);
    client = new Sqlite(path, { timeout: 0 });
    client.exec('BEGIN EXCLUSIVE');
    return client;
  } catch (error) {
    client?.close();
    if (sqliteErrorOf(error)?.code === 'SQLITE_BUSY') return undefined;
    const problem = `cannot lock ${path}`;
    throw fileErrorOf(error, problem, path) ?? new StorageError(`${problem}: ${messageOf(error)}`, { cause: error });
  }
}
