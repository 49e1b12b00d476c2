import { CommanderError } from 'commander';
import { HangarbayError, messageOf } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { storageErrorOf } from '../store/failures.ts';
import { activeLog } from './options.ts';
import { printFailure } from './output.ts';

/** Logs an error and returns its exit code. */
export function reportError(error: unknown): ExitCode {
  const log = activeLog();
  if (error instanceof CommanderError) {
    // Help that was not requested explains itself.
    const message = error.message.replace(/^error: /, '');
    if (error.code !== 'commander.help') log.error(`${message}\n(run with --help for usage)`);
    printFailure(message, exitCodes.usage);
    return exitCodes.usage;
  }
  const known = knownError(error);
  if (known !== undefined) {
    log.error(known.message);
    printFailure(known.message, known.exitCode);
    return known.exitCode;
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  printFailure(messageOf(error), exitCodes.failure);
  return exitCodes.failure;
}

/** The exit code for this error. */
export function exitCodeOf(error: unknown): ExitCode {
  return knownError(error)?.exitCode ?? exitCodes.failure;
}

function knownError(error: unknown): HangarbayError | undefined {
  return error instanceof HangarbayError ? error : storageErrorOf(error);
}
