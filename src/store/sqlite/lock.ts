import { chmodSync, chownSync, existsSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { messageOf, StorageError } from '../../errors.ts';
import { type LockHolder, type LockState, type LockWait, lockedError, takeWhenFree, thisProcess } from '../lock.ts';
import { fileErrorOf, immutableName, sqliteErrorOf } from './connection.ts';
import { makeFile } from './files.ts';
import { Sqlite } from './library.ts';

/** Held until released, or until the process ends in whatever way. */
export interface Lock {
  release(): void;
}

/** Connections whose locks nobody has released: without it the garbage collector would close one that nobody refers to. */
const held = new Set<Database>();

const pollMilliseconds = 100;
/** Somebody who asks whether the lock is held has it for an instant. */
const patienceMilliseconds = 200;

/**
 * Takes the lock of a database file: an exclusive transaction on a small database beside it. The operating system
 * frees it with the process, so a killed pass strands nothing, and no age has to be guessed. Not for network file
 * systems, where SQLite itself is not safe either.
 *
 * @param wait how long to wait for the holder to finish, at most
 * @param options.isTold whether others can read who holds it
 * @throws {LockedError} when another process holds it
 */
export async function acquireLock(
  databasePath: string,
  wait: LockWait | number,
  { isTold = false }: { readonly isTold?: boolean } = {},
): Promise<Lock> {
  const path = `${databasePath}.lock`;
  async function take(): Promise<Lock> {
    const client = tryLock(path, databasePath);
    if (client === undefined) throw lockedError(`${databasePath} (${path})`, readHolder(path));
    if (isTold) sayHolder(client);
    held.add(client);
    return {
      release() {
        held.delete(client);
        free(client, isTold);
      },
    };
  }
  return takeWhenFree(take, pollMilliseconds, typeof wait === 'number' ? { waitMilliseconds: wait } : wait);
}

/** Whether somebody holds the lock of a database file. */
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
    client = new Sqlite(path, { timeout: patienceMilliseconds });
    // The lock outlives the transaction in which its holder is written down.
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

/** Who holds it is a courtesy: a full disk keeps nobody from holding it. */
function sayHolder(client: Database): void {
  const { host, process_id, since } = thisProcess();
  try {
    client.exec('CREATE TABLE IF NOT EXISTS holder (host TEXT, process_id INTEGER, since TEXT); DELETE FROM holder');
    client.prepare('INSERT INTO holder VALUES (?, ?, ?)').run(host, process_id, since);
    client.exec('COMMIT');
  } catch {}
  if (!client.inTransaction) client.exec('BEGIN EXCLUSIVE');
}

function free(client: Database, isTold: boolean): void {
  try {
    if (isTold) client.exec('DELETE FROM holder; COMMIT');
  } catch {}
  client.close();
}

/** Read past the lock, from a file that changes only when the lock is taken or freed. */
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
