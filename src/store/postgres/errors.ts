import type postgres from 'postgres';
import { HangarbayError, messageOf, StorageError, UsageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import { labelOf } from './address.ts';

/** Codes of the driver, the operating system and the server for a missing or lost connection. */
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

/** No free connection for the role, the database or the server. */
export const tooManyConnections = '53300';
/** The transaction was rolled back because of a conflict, and can be repeated. */
const collisions = ['40001', '40P01'];

/** Whether the same work may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return code === tooManyConnections || (code !== undefined && collisions.includes(code));
}

/** Whether the server rejects rows for their contents or a constraint: classes 22 and 23. */
export function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error) ?? '');
}

/** System calls of making a connection: their failures are connection errors. */
const connectingCalls = new Set(['connect', 'getaddrinfo']);

/** Whether the server is unreachable, which is worth another attempt. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  const { syscall } = error as NodeJS.ErrnoException;
  return lostCodes.has(code) || code.startsWith('08') || (syscall !== undefined && connectingCalls.has(syscall));
}

/**
 * Turns errors about the database as a whole into messages for the user; returns others unchanged. An error with a code
 * that is not the server's comes from connecting: the driver, the operating system or TLS.
 */
export function explained(url: string, error: unknown): unknown {
  if (error instanceof HangarbayError || !(error instanceof Error) || codeOf(error) === undefined) return error;
  if (isConnectionLost(error)) return unreachable(url, error);
  const { name, severity, code } = error as postgres.PostgresError;
  if (severity === 'FATAL' && code === '42704') {
    return new UsageError(`${labelOf(url)} does not support a parameter of the URL: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const known = storageErrorOf(error, labelOf(url));
  if (known !== undefined) return known;
  // The server ends sessions with FATAL only, also at their start if a parameter of the URL is invalid.
  return name !== 'PostgresError' || severity === 'FATAL' ? unreachable(url, error) : error;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** The message for a failed connection. */
export function unreachable(url: string, error: unknown): StorageError {
  const said = messageOf(error) || codeOf(error) || 'unknown reason';
  const reason = /before secure TLS connection/.test(said)
    ? 'the server does not support TLS, which sslmode requires'
    : said;
  return new StorageError(`cannot reach ${labelOf(url)}: ${reason}`, { cause: error });
}
