import { CommanderError } from 'commander';
import { HangarbayError, messageOf } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { storageErrorOf } from '../store/failures.ts';
import { activeLog } from './options.ts';
import { printFailure } from './output.ts';

/** Tells what went wrong, and returns the exit code that says so. */
export function tell(error: unknown): ExitCode {
  const log = activeLog();
  if (error instanceof CommanderError) {
    // Help that nobody asked for is message enough.
    const message = error.message.replace(/^error: /, '');
    if (error.code !== 'commander.help') log.error(`${message}\n(add --help for what is possible)`);
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

/** The exit code of a command that ends with this error. */
export function exitCodeOf(error: unknown): ExitCode {
  return knownError(error)?.exitCode ?? exitCodes.failure;
}

function knownError(error: unknown): HangarbayError | undefined {
  return error instanceof HangarbayError ? error : storageErrorOf(error);
}
