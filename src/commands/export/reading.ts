import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { HangarbayError, messageOf } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Log } from '../../log.ts';
import { keepHeapSmall } from '../../process/small-heap.ts';
import { openForQuestions } from '../../store/open.ts';
import type { Reader } from '../../store/reader.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from '../options.ts';
import { OutputClosed, printFailure } from '../output.ts';
import { showLine } from '../progress.ts';
import { listenForSignals } from '../signals.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

export interface ExportFlags extends CommonFlags {
  readonly json?: true;
}

/** @param more settings that one export has besides those of all */
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
  /** What is there when a signal has ended it, in words. */
  readonly afterSignal: string;
  /** What a terminal shows while it runs. */
  readonly line: () => string;
}

/**
 * Runs an export over a reader of one moment. A signal ends it with the signal's exit code; a reader of the output that
 * has seen enough ends it quietly.
 */
export async function runExport({ flags, afterSignal, line }: ExportOptions, work: (of: Export) => Promise<void>) {
  keepHeapSmall();
  const config = readConfig(names, { flags, environment: process.env });
  const display = await showLine(line);
  const log = logFor(config, flags, display.clear);
  const stop = new AbortController();
  const signals = listenForSignals(log, stop, {
    ending: `ending the export; ${afterSignal}`,
    overdue: 'the export did not end in time, perhaps because the database hangs',
  });
  const readable = await openForQuestions(config.databaseUrl);
  try {
    display.start();
    await readable.read((reader) => work({ reader, signal: stop.signal, log }));
  } catch (error) {
    // Who reads has seen enough, or what is wrong with the output has been told.
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

/** Runs what writes a file, so that an error of the system says which file could not be written. */
export async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof HangarbayError || !isOfFiles(error)) throw error;
    throw new HangarbayError(`${path} cannot be written: ${messageOf(error)}`, exitCodes.failure, { cause: error });
  }
}

/** Whether it is the system's own error about a path or a disk, or ours about what lies at the path. */
function isOfFiles(error: unknown): boolean {
  const { code, syscall, name } = error as NodeJS.ErrnoException;
  return name === 'Error' && (code === undefined || syscall !== undefined);
}
