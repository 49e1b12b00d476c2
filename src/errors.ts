import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * A failure with a known meaning: its message is all the user needs (what happened, to what, what to do), so it is
 * shown without a stack trace, and its exit code says the same to a script.
 */
export class HangarbayError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** A flag, setting or name that cannot be used. */
export class UsageError extends HangarbayError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.usage, options);
  }
}

/** The database's schema is not the one this program knows: missing, older, newer or edited. */
export class NotMigratedError extends HangarbayError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.notMigrated, options);
  }
}

/** Another process holds the lock of this database. */
export class LockedError extends HangarbayError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.locked, options);
  }
}

/** The database or the cache cannot be reached, read or written. */
export class StorageError extends HangarbayError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.storage, options);
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
