import { type HangarbayError, NotMigratedError, StorageError } from '../errors.ts';

/** The database refused the rows of one contract, and only those; nothing of it was written. */
export class RejectedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RejectedError';
  }
}

/** What a database says against rows that it was given; undefined for an error about anything else. */
export function refusalOf(error: unknown): string | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    const { code = '', name, message } = candidate as NodeJS.ErrnoException;
    // A value of the wrong kind, or that contradicts a constraint.
    const isRefusal = name === 'PostgresError' ? /^2[23]/.test(code) : /^SQLITE_(CONSTRAINT|MISMATCH)/.test(code);
    const isOfDriver = candidate instanceof TypeError && candidate.message.includes('bind');
    if (isRefusal || isOfDriver) return message;
  }
  return undefined;
}

/** SQLite's codes for a database that cannot be read or written, with what to do about it. */
const sqliteRemedies: Readonly<Record<string, string>> = {
  SQLITE_AUTH: 'the database refuses; check who may use it',
  SQLITE_BUSY: 'another process has held the database for too long; try again',
  SQLITE_CANTOPEN: 'check that the file and its folder exist and may be read and written',
  SQLITE_CORRUPT:
    'it is damaged; move it away with -wal and -shm beside it, then restore a copy or start with a new one',
  SQLITE_FULL: 'the disk is full; make room and run again',
  SQLITE_IOERR: 'the disk failed; check it and run again',
  SQLITE_LOCKED: 'another connection has locked a table; run again',
  SQLITE_NOMEM: 'there is not enough memory; free some and run again',
  SQLITE_NOLFS: 'the file system holds no file of this size; move the database',
  SQLITE_PROTOCOL: 'another process holds the locks of the file; run again',
  SQLITE_SCHEMA: 'the schema has changed meanwhile; run again',
  SQLITE_NOTADB: 'the file is not a SQLite database; check the setting',
  SQLITE_PERM: 'check the permissions of the file and its folder',
  SQLITE_READONLY:
    'check the permissions of the file and of -wal and -shm beside it; readers, too, must be able to write in its folder',
  SQLITE_TOOBIG: 'a text is longer than the database can hold',
};

/** PostgreSQL's codes, or the classes that begin them, for a database that cannot be used; a code comes before its class. */
const postgresRemedies: Readonly<Record<string, string>> = {
  '08': 'the connection failed; check the network and the server',
  '0A': 'the server does not know this; PostgreSQL 15 or newer is needed',
  '22021': 'the database cannot hold this text; create it with the encoding UTF8',
  '22P05': 'the database cannot hold this text; create it with the encoding UTF8',
  '25006':
    'the server is read-only, perhaps a standby; name the primary, or all hosts and ?target_session_attrs=read-write',
  '25P03': 'the session waited too long within a transaction; raise idle_in_transaction_session_timeout for this role',
  '25P04': 'the transaction took too long; raise transaction_timeout for this role',
  '28': 'check the user, the password and pg_hba.conf',
  '3D000': 'create the database, or check the setting',
  '3F000': 'no schema is there for the tables; create one, or set the search_path of the role',
  '40': 'it collided with other work again and again; run again',
  '42501': 'the role lacks rights; see docs/postgresql-and-redis.md on roles',
  '53300': 'no connection is free; raise the limit of the role or the server, or lower --database-connections',
  '53': 'the server has run out of something; see its log',
  '54': 'a limit of the server is exceeded; see its log',
  '55P03': 'another session holds a lock for longer than lock_timeout allows; run again, or raise it for this role',
  '55000': 'the server refuses; see its log',
  '57014': 'the statement was canceled; raise statement_timeout for this role',
  '57P05': 'the session was idle for longer than idle_session_timeout allows; raise it for this role',
  '57': 'the server shuts down or starts up; try again later',
  '58': 'the server failed; see its log',
  XX: 'the server failed; see its log',
};
/** What nobody has foreseen is still no reason for a stack trace. */
const otherRemedy = (code: string | undefined) =>
  `the database refuses with the code ${code ?? 'unknown'}; see its log`;

/** PostgreSQL's codes for a table, column or type that is not there, is there already, or is another than expected. */
const schemaCodes = ['42P01', '42703', '42P07', '42701', '42710', '42804', '42883'];
/** SQLite has one code for all of it, and for much else. */
const schemaWords = /no such (table|column|index)|has no column named|already exists|duplicate column/;
const schemaRemedy =
  'the schema is not what its migrations made, so it was changed by hand; restore a copy, or start with an empty one';

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
    const keys = Object.keys(remedies);
    const key = keys.find((known) => code === known) ?? keys.find((known) => isOfClass(code, known));
    if (key !== undefined) return new StorageError(`${database}: ${message} (${remedies[key]})`, { cause: error });
    if (name === 'PostgresError' || name === 'SqliteError') {
      return new StorageError(`${database}: ${message} (${otherRemedy(code)})`, { cause: error });
    }
  }
  return undefined;
}

/** `SQLITE_IOERR_WRITE` is a kind of `SQLITE_IOERR`; a PostgreSQL class is the first two characters of its codes. */
function isOfClass(code: string | undefined, known: string): boolean {
  if (code === undefined) return false;
  return known.length === 2 ? code.startsWith(known) : code.startsWith(`${known}_`);
}
