import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, StorageError } from '../../errors.ts';
import { leadsNowhere, makeFolder } from '../../files.ts';
import { ownerInTheWay } from './owner.ts';

/**
 * Makes an empty file that nobody but its owner may read, less what the umask forbids, unless there is one already.
 * SQLite gives the files that it makes beside a database the same rights.
 */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The folder that would be made for a database file; undefined where it is there. */
export function missingFolderOf(path: string): string | undefined {
  const folder = dirname(path);
  try {
    return statSync(folder, { throwIfNoEntry: false }) === undefined ? folder : undefined;
  } catch {
    // It cannot be looked at, and so not be made either, which is told then.
    return undefined;
  }
}

/** Makes the folders that lead to a database file that is not there yet, in the same manner. */
export function makeFolderOf(path: string): void {
  if (hasFile(path)) return;
  try {
    makeFolder(dirname(path));
  } catch (error) {
    const reason = ownerInTheWay(path) ?? messageOf(error);
    throw new StorageError(`cannot create the folder of the database ${path}: ${reason}`, { cause: error });
  }
}

/**
 * Whether there is a database file.
 *
 * @throws {StorageError} where the path leads to something that can never be one
 */
export function hasFile(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new StorageError(`the database ${path} is a folder; name a file in it`);
    // To make a new file in the place of the link would hide the one that it led to, on a disk that is not mounted.
    if (leadsNowhere(path)) {
      throw new StorageError(`the database ${path} is a symbolic link that leads nowhere; mend it or remove it`);
    }
    return found !== undefined;
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const reason = ownerInTheWay(path) ?? messageOf(error);
    throw new StorageError(`cannot look for the database ${path}: ${reason}`, { cause: error });
  }
}
