import { type HangarbayError, NotMigratedError, StorageError } from '../errors.ts';

/** SQLite's codes for a database that cannot be read or written, with what to do about it. */
const sqliteRemedies: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'another process has held the database for too long; try again',
  SQLITE_CANTOPEN: 'check that the file and its folder exist and may be read and written',
  SQLITE_CORRUPT: 'it is damaged; move it away with -wal and -shm beside it, then restore a copy or begin anew',
  SQLITE_FULL: 'the disk is full; make room and run again',
  SQLITE_IOERR: 'the disk failed; check it and run again',
  SQLITE_NOTADB: 'the file is no SQLite database; check the setting',
  SQLITE_PERM: 'check the permissions of the file and its folder',
  SQLITE_READONLY:
    'check the permissions of the file and of -wal and -shm beside it; readers, too, must be able to write in its folder',
  SQLITE_TOOBIG: 'a text is longer than the database can hold',
};

/** PostgreSQL's codes, or the classes that begin them, for a database that cannot be used. */
const postgresRemedies: Readonly<Record<string, string>> = {
  '08': 'the connection failed; check the network and the server',
  '25006': 'the server is read-only, perhaps a standby; check the setting',
  '28': 'check the user, the password and pg_hba.conf',
  '3D000': 'create the database, or check the setting',
  '42501': 'the role lacks rights; see the README on roles',
  '53': 'the server has run out of something; see its log',
  '55000': 'the server refuses; see its log',
  '57': 'the server shuts down or starts up; try again later',
  '58': 'the server failed; see its log',
  XX: 'the server failed; see its log',
};

/** PostgreSQL's codes for a table, column or type that is not there, is there already, or is another than expected. */
const schemaCodes = ['42P01', '42703', '42P07', '42701', '42710', '42804', '42883'];
/** SQLite has one code for all of it, and for much else. */
const schemaWords = /no such (table|column|index)|has no column named|already exists|duplicate column/;
const schemaRemedy =
  'the schema is not what its migrations made, so it was changed by hand; restore a copy, or begin anew in an empty one';

/**
 * Turns a driver's error about the database as a whole into one that says what to do. Told by name and code alone, so
 * that no driver has to be loaded for it; the statement and its parameters, which drivers put beside the message, are
 * left out.
 */
export function storageErrorOf(error: unknown, database = 'the database'): HangarbayError | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    const { code, name, message } = candidate as NodeJS.ErrnoException;
    const isSchema =
      name === 'PostgresError'
        ? schemaCodes.includes(code ?? '')
        : code === 'SQLITE_ERROR' && schemaWords.test(message);
    if (isSchema) return new NotMigratedError(`${database}: ${message} (${schemaRemedy})`, { cause: error });
    const remedies = name === 'PostgresError' ? postgresRemedies : sqliteRemedies;
    const key = Object.keys(remedies).find((known) => code === known || isOfClass(code, known));
    if (key !== undefined) return new StorageError(`${database}: ${message} (${remedies[key]})`, { cause: error });
  }
  return undefined;
}

/** `SQLITE_IOERR_WRITE` is a kind of `SQLITE_IOERR`; a PostgreSQL class is the first two characters of its codes. */
function isOfClass(code: string | undefined, known: string): boolean {
  if (code === undefined) return false;
  return known.length === 2 ? code.startsWith(known) : code.startsWith(`${known}_`);
}
