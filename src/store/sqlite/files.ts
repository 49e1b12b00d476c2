import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, StorageError } from '../../errors.ts';
import { leadsNowhere, makeFolder } from '../../files.ts';
import { ownerInTheWay } from './owner.ts';

/**
 * Creates an empty file, readable only by its owner and subject to the umask, unless it exists. SQLite gives its other
 * files of the database the same permissions.
 */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The folder to create for a database file; undefined if it exists. */
export function missingFolderOf(path: string): string | undefined {
  const folder = dirname(path);
  try {
    return statSync(folder, { throwIfNoEntry: false }) === undefined ? folder : undefined;
  } catch {
    // The folder is inaccessible; creating it will report this.
    return undefined;
  }
}

/** Creates the folders for a new database file with the same permissions. */
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
 * Whether the database file exists.
 *
 * @throws {StorageError} when the path cannot be that of a database
 */
export function hasFile(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new StorageError(`the database ${path} is a folder; use the path of a file`);
    // Creating a file in place of the link would hide its target, which may be on a disk that is not mounted.
    if (leadsNowhere(path)) {
      throw new StorageError(`the database ${path} is a dangling symbolic link; fix it or remove it`);
    }
    return found !== undefined;
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const reason = ownerInTheWay(path) ?? messageOf(error);
    throw new StorageError(`cannot access the database ${path}: ${reason}`, { cause: error });
  }
}
