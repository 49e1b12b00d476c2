import type postgres from 'postgres';
import { HangarbayError, messageOf, StorageError, UsageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import { labelOf } from './address.ts';

/** Codes of the driver, the operating system and the server for a connection that is not there, or no longer. */
const lostCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01', // the administrator shuts the server down
  '57P02', // another backend crashed
  '57P03', // the server starts up
]);

/** No connection is free, of the role, the database or the server. */
export const tooManyConnections = '53300';
/** The work has been rolled back because it collided with other work, and may be done again. */
const collisions = ['40001', '40P01'];

/** Whether an error says that the same work may well be done a moment later. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return code === tooManyConnections || (code !== undefined && collisions.includes(code));
}

/** Whether the server refuses rows for what is in them, or for a constraint on them: classes 22 and 23. */
export function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error) ?? '');
}

/** What the operating system is asked for when a connection is made: a failure of these is one of the connection. */
const connectingCalls = new Set(['connect', 'getaddrinfo']);

/** Whether an error says that the server is not there: worth another attempt, since it may come back. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  const { syscall } = error as NodeJS.ErrnoException;
  return lostCodes.has(code) || code.startsWith('08') || (syscall !== undefined && connectingCalls.has(syscall));
}

/**
 * What an error about the database as a whole means for the user, and any other error as it is. An error with a code
 * that is none of the server's comes from making the connection: the driver, the operating system, TLS.
 */
export function explained(url: string, error: unknown): unknown {
  if (error instanceof HangarbayError || !(error instanceof Error) || codeOf(error) === undefined) return error;
  if (isConnectionLost(error)) return unreachable(url, error);
  const { name, severity, code } = error as postgres.PostgresError;
  if (severity === 'FATAL' && code === '42704') {
    return new UsageError(`${labelOf(url)} does not know a parameter of the URL: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const known = storageErrorOf(error, labelOf(url));
  if (known !== undefined) return known;
  // The server ends a session with FATAL only, before it has begun where a parameter of the URL makes no sense.
  return name !== 'PostgresError' || severity === 'FATAL' ? unreachable(url, error) : error;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** What a failed connection means for the user. */
export function unreachable(url: string, error: unknown): StorageError {
  const said = messageOf(error) || codeOf(error) || 'no reason given';
  const reason = /before secure TLS connection/.test(said) ? 'the server offers no TLS, which sslmode asks for' : said;
  return new StorageError(`cannot reach ${labelOf(url)}: ${reason}`, { cause: error });
}
