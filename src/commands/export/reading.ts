import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { HangarbayError, messageOf } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Log } from '../../log.ts';
import { keepHeapSmall } from '../../process/small-heap.ts';
import { openForQueries } from '../../store/open.ts';
import type { Reader } from '../../store/reader.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from '../options.ts';
import { OutputClosed, printFailure } from '../output.ts';
import { showLine } from '../progress.ts';
import { listenForSignals } from '../signals.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

export interface ExportFlags extends CommonFlags {
  readonly json?: true;
}

/** @param more settings of one export in addition to the common ones */
export const addExportSettings = (command: Command, ...more: SettingName[]): Command =>
  addSettings(command, [...more, ...names]);

interface Export {
  readonly reader: Reader;
  /** Aborted by a signal. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

interface ExportOptions {
  readonly flags: ExportFlags;
  /** What remains after a signal, for the message. */
  readonly afterSignal: string;
  /** Progress line for a terminal. */
  readonly line: () => string;
}

/**
 * Runs an export over a snapshot of the database. A signal ends it with the signal's exit code; a closed output ends it
 * quietly.
 */
export async function runExport({ flags, afterSignal, line }: ExportOptions, work: (of: Export) => Promise<void>) {
  keepHeapSmall();
  const config = readConfig(names, { flags, environment: process.env });
  const display = await showLine(line);
  const log = logFor(config, flags, display.clear);
  const stop = new AbortController();
  const signals = listenForSignals(log, stop, {
    ending: `ending the export; ${afterSignal}`,
    overdue: 'the export did not end in time; the database may be hanging',
  });
  const readable = await openForQueries(config.databaseUrl);
  try {
    display.start();
    await readable.read((reader) => work({ reader, signal: stop.signal, log }));
  } catch (error) {
    // The reader closed the pipe, or the output's error has been reported.
    if (error instanceof OutputClosed) return;
    if (signals.exitCode === undefined) throw error;
    log.debug(messageOf(error));
    printFailure(messageOf(error), signals.exitCode);
    process.exitCode = signals.exitCode;
  } finally {
    display.stop();
    signals.ignore();
    await readable.close();
  }
}

/** Runs code that writes a file, and adds the file's path to errors of the system. */
export async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof HangarbayError || !isOfFiles(error)) throw error;
    throw new HangarbayError(`cannot write ${path}: ${messageOf(error)}`, exitCodes.failure, { cause: error });
  }
}

/** Whether the error is the system's own about a path or a disk, or ours about the contents of the path. */
function isOfFiles(error: unknown): boolean {
  const { code, syscall, name } = error as NodeJS.ErrnoException;
  return name === 'Error' && (code === undefined || syscall !== undefined);
}
