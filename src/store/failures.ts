import { StorageError } from '../errors.ts';

/** SQLite's codes for a database that cannot be read or written, with what to do about it. */
const sqliteRemedies: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'another process has held the database for too long; try again',
  SQLITE_CANTOPEN: 'check that the file and its folder exist and may be read and written',
  SQLITE_CORRUPT: 'the file is damaged; restore a copy, or move it away and begin anew',
  SQLITE_FULL: 'the disk is full; make room and run again',
  SQLITE_IOERR: 'the disk failed; check it and run again',
  SQLITE_NOTADB: 'the file is no SQLite database; check the setting',
  SQLITE_PERM: 'check the permissions of the file and its folder',
  SQLITE_READONLY: 'check the permissions of the file and its folder',
};

/**
 * Turns a driver's error about the database as a whole into one that says what to do. Told by the code alone, so that
 * no driver has to be loaded for it; the statement and its parameters, which drizzle puts into the message, are left out.
 */
export function storageErrorOf(error: unknown): StorageError | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    const { code } = candidate as NodeJS.ErrnoException;
    const name = Object.keys(sqliteRemedies).find((known) => code === known || code?.startsWith(`${known}_`));
    if (name !== undefined) {
      return new StorageError(`the database: ${candidate.message} (${sqliteRemedies[name]})`, { cause: error });
    }
  }
  return undefined;
}
