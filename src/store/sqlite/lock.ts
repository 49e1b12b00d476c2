import { chmodSync, chownSync, existsSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { messageOf, StorageError } from '../../errors.ts';
import { type LockHolder, type LockState, type LockWait, lockedError, takeWhenFree, thisProcess } from '../lock.ts';
import { fileErrorOf, immutableName, sqliteErrorOf } from './connection.ts';
import { makeFile } from './files.ts';
import { Sqlite } from './library.ts';

/** Held until released, or until the process ends. */
export interface Lock {
  release(): void;
}

/** Connections whose locks are held; without a reference the garbage collector would close them. */
const held = new Set<Database>();

const pollMilliseconds = 100;
/** A check of the lock holds it for an instant. */
const patienceMilliseconds = 200;

/**
 * Takes the lock of a database file: an exclusive transaction on a small database next to it. The operating system
 * releases it with the process, so a killed pass strands nothing, and no time-out is needed. Not for network file
 * systems, where SQLite itself is unsafe.
 *
 * @param wait how long to wait for the holder to finish
 * @param options.recordsHolder whether to record the holder for others
 * @throws {LockedError} when another process holds it
 */
export async function acquireLock(
  databasePath: string,
  wait: LockWait | number,
  { recordsHolder = false }: { readonly recordsHolder?: boolean } = {},
): Promise<Lock> {
  const path = `${databasePath}.lock`;
  async function take(): Promise<Lock> {
    const client = tryLock(path, databasePath);
    if (client === undefined) throw lockedError(`${databasePath} (${path})`, readHolder(path));
    if (recordsHolder) recordHolder(client);
    held.add(client);
    return {
      release() {
        held.delete(client);
        free(client, recordsHolder);
      },
    };
  }
  return takeWhenFree(take, pollMilliseconds, typeof wait === 'number' ? { waitMilliseconds: wait } : wait);
}

/** Whether a process holds the lock of a database file. */
export function lockStateOf(databasePath: string): LockState {
  const path = `${databasePath}.lock`;
  const free = { is_held: false, holder: null };
  if (!existsSync(path)) return free;
  let client: Database | undefined;
  try {
    client = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 0 });
    client.prepare('SELECT count(*) FROM sqlite_schema').get();
    return free;
  } catch (error) {
    if (sqliteErrorOf(error)?.code !== 'SQLITE_BUSY') return { is_held: null, holder: null };
    return { is_held: true, holder: readHolder(path) };
  } finally {
    client?.close();
  }
}

/** Like SQLite does for its files: a pass run by root must not lock out the database's owner. */
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
    client = new Sqlite(path, { timeout: patienceMilliseconds });
    // The lock outlives the transaction that records its holder.
    client.pragma('locking_mode = EXCLUSIVE');
    client.exec('BEGIN EXCLUSIVE');
    return client;
  } catch (error) {
    client?.close();
    if (sqliteErrorOf(error)?.code === 'SQLITE_BUSY') return undefined;
    const problem = `cannot lock ${path}`;
    throw fileErrorOf(error, problem, path) ?? new StorageError(`${problem}: ${messageOf(error)}`, { cause: error });
  }
}

/** The holder is only informative, so a full disk does not prevent the lock. */
function recordHolder(client: Database): void {
  const { host, process_id, since } = thisProcess();
  try {
    client.exec('CREATE TABLE IF NOT EXISTS holder (host TEXT, process_id INTEGER, since TEXT); DELETE FROM holder');
    client.prepare('INSERT INTO holder VALUES (?, ?, ?)').run(host, process_id, since);
    client.exec('COMMIT');
  } catch {}
  if (!client.inTransaction) client.exec('BEGIN EXCLUSIVE');
}

function free(client: Database, recordsHolder: boolean): void {
  try {
    if (recordsHolder) client.exec('DELETE FROM holder; COMMIT');
  } catch {}
  client.close();
}

/** Reads the file past its lock; it changes only when the lock is taken or released. */
function readHolder(path: string): LockHolder | null {
  let client: Database | undefined;
  try {
    client = new Sqlite(immutableName(path), { readonly: true, fileMustExist: true });
    return (client.prepare('SELECT host, process_id, since FROM holder').get() as LockHolder | undefined) ?? null;
  } catch {
    return null;
  } finally {
    client?.close();
  }
}
