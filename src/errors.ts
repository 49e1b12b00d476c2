import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * An expected failure. Its message is complete for the user (what happened, to which thing, what to do), so it is shown
 * without a stack trace, and its exit code is meant for scripts.
 */
export class HangarbayError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** An invalid flag, setting or name. */
export class UsageError extends HangarbayError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.usage, options);
  }
}

/** The database's schema is not this program's: missing, older, newer or edited. */
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

/** The database or the cache is unreachable, or a read or write failed. */
export class StorageError extends HangarbayError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.storage, options);
  }
}

/** The message of a thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
