import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { storageErrorOf } from '../../src/store/failures.ts';

const driverError = (name: string, code: string) =>
  Object.assign(new Error(`what the driver says of ${code}`), { name, code });

describe('an error of a driver is a sentence with an exit code', () => {
  test.each([
    ['08006', /check the network/],
    ['0A000', /15 or newer/],
    ['22021', /encoding UTF8/],
    ['22P05', /encoding UTF8/],
    ['25006', /read-only/],
    ['25P03', /idle_in_transaction_session_timeout/],
    ['28P01', /password/],
    ['3D000', /create the database/],
    ['3F000', /search_path/],
    ['40001', /conflicted/],
    ['40P01', /conflicted/],
    ['42501', /lacks privileges/],
    ['53100', /out of resources/],
    ['53300', /--database-connections/],
    ['54000', /limit of the server/],
    ['55P03', /lock_timeout/],
    ['57014', /statement_timeout/],
    ['57P01', /shutting down/],
    ['57P05', /idle_session_timeout/],
    ['58030', /server failed/],
    ['XX000', /server failed/],
    ['P0001', /with code P0001/],
  ])('of PostgreSQL: %s', (code, words) => {
    const explained = storageErrorOf(driverError('PostgresError', code), 'the database hb');
    expect(explained?.message).toMatch(words);
    expect(explained?.message).toMatch(/^the database hb: what the driver says/);
    expect(explained?.exitCode).toBe(exitCodes.storage);
  });

  test.each([
    'SQLITE_BUSY',
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_CANTOPEN',
    'SQLITE_CORRUPT_VTAB',
    'SQLITE_FULL',
    'SQLITE_IOERR_WRITE',
    'SQLITE_LOCKED',
    'SQLITE_NOMEM',
    'SQLITE_NOTADB',
    'SQLITE_PERM',
    'SQLITE_PROTOCOL',
    'SQLITE_READONLY_DBMOVED',
    'SQLITE_SCHEMA',
    'SQLITE_WARNING',
  ])('of SQLite: %s', (code) => {
    const explained = storageErrorOf(driverError('SqliteError', code));
    expect(explained?.message).toMatch(/^the database: .* \(.+\)$/);
    expect(explained?.exitCode).toBe(exitCodes.storage);
  });

  test('and any other error does not', () => {
    expect(storageErrorOf(new TypeError('a defect of ours'))).toBeUndefined();
  });
});
