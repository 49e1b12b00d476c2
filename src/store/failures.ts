import { type HangarbayError, NotMigratedError, StorageError } from '../errors.ts';

/** The database rejected the rows of one contract, and wrote nothing of it. */
export class RejectedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RejectedError';
  }
}

/** The database's message about rejected rows; undefined for any other error. */
export function refusalOf(error: unknown): string | undefined {
  for (let candidate = error; candidate instanceof Error; candidate = candidate.cause) {
    const { code = '', name, message } = candidate as NodeJS.ErrnoException;
    // A value of the wrong type, or one that violates a constraint.
    const isRefusal = name === 'PostgresError' ? /^2[23]/.test(code) : /^SQLITE_(CONSTRAINT|MISMATCH)/.test(code);
    const isOfDriver = candidate instanceof TypeError && candidate.message.includes('bind');
    if (isRefusal || isOfDriver) return message;
  }
  return undefined;
}

/** SQLite's codes for an unusable database, with remedies. */
const sqliteRemedies: Readonly<Record<string, string>> = {
  SQLITE_AUTH: 'access denied; check the permissions',
  SQLITE_BUSY: 'another process has locked the database for too long; try again',
  SQLITE_CANTOPEN: 'check that the file and its folder exist and are readable and writable',
  SQLITE_CORRUPT:
    'the database is damaged; move it away together with its -wal and -shm files, then restore a backup or start with a new one',
  SQLITE_FULL: 'the disk is full; free space and run again',
  SQLITE_IOERR: 'the disk failed; check it and run again',
  SQLITE_LOCKED: 'another connection has locked a table; run again',
  SQLITE_NOMEM: 'out of memory; free some and run again',
  SQLITE_NOLFS: 'the file system does not support files of this size; move the database',
  SQLITE_PROTOCOL: 'another process holds the locks of the file; run again',
  SQLITE_SCHEMA: 'the schema was changed meanwhile; run again',
  SQLITE_NOTADB: 'the file is not a SQLite database; check the setting',
  SQLITE_PERM: 'check the permissions of the file and its folder',
  SQLITE_READONLY:
    'check the permissions of the file and of its -wal and -shm files; readers need write access to the folder, too',
  SQLITE_TOOBIG: 'a text is too long for the database',
};

/**
 * PostgreSQL's codes, or the first characters of a class of codes, for an unusable database. Codes precede their class.
 */
const postgresRemedies: Readonly<Record<string, string>> = {
  '08': 'the connection failed; check the network and the server',
  '0A': 'the server does not support this; PostgreSQL 15 or newer is required',
  '22021': "the database's encoding does not support this text; create the database with the encoding UTF8",
  '22P05': "the database's encoding does not support this text; create the database with the encoding UTF8",
  '25006':
    'the server is read-only and may be a standby; use the primary, or all hosts and ?target_session_attrs=read-write',
  '25P03':
    'the session was idle within a transaction for too long; raise idle_in_transaction_session_timeout for this role',
  '25P04': 'the transaction took too long; raise transaction_timeout for this role',
  '28': 'check the user, the password and pg_hba.conf',
  '3D000': 'create the database, or check the setting',
  '3F000': "there is no schema for the tables; create one, or set the role's search_path",
  '40': 'the transaction conflicted with others repeatedly; run again',
  '42501': 'the role lacks privileges; see docs/postgresql-and-redis.md on roles',
  '53300': 'no free connections; raise the limit of the role or the server, or lower --database-connections',
  '53': 'the server is out of resources; see its log',
  '54': 'a limit of the server was exceeded; see its log',
  '55P03': 'another session holds a lock for longer than lock_timeout; run again, or raise lock_timeout for this role',
  '55000': 'the server refused; see its log',
  '57014': 'the statement was canceled; raise statement_timeout for this role',
  '57P05': 'the session was idle for longer than idle_session_timeout; raise it for this role',
  '57': 'the server is shutting down or starting up; try again later',
  '58': 'the server failed; see its log',
  XX: 'the server failed; see its log',
};
/** The remedy for unknown codes, so that no error becomes a stack trace. */
const otherRemedy = (code: string | undefined) => `the database failed with code ${code ?? 'unknown'}; see its log`;

/** PostgreSQL's codes for a table, column or type that is missing, exists already, or differs. */
const schemaCodes = ['42P01', '42703', '42P07', '42701', '42710', '42804', '42883'];
/** SQLite has one code for these and for many other errors. */
const schemaWords = /no such (table|column|index)|has no column named|already exists|duplicate column/;
const schemaRemedy =
  'the schema differs from its migrations and was probably changed by hand; restore a backup, or start with an empty database';

/**
 * Turns a driver's error about the database as a whole into one with a remedy. Recognizes errors by name and code, so
 * that no driver has to be loaded. Omits the statement and its parameters, which drivers attach to the message.
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

/** `SQLITE_IOERR_WRITE` belongs to `SQLITE_IOERR`; a PostgreSQL class is the first two characters of a code. */
function isOfClass(code: string | undefined, known: string): boolean {
  if (code === undefined) return false;
  return known.length === 2 ? code.startsWith(known) : code.startsWith(`${known}_`);
}
