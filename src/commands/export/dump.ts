import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { dumpLines } from '../../dump/export.ts';
import type { DumpProgress } from '../../dump/format.ts';
import { HangarbayError, messageOf } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { replaceLargeFile } from '../../files.ts';
import { openForQuestions } from '../../store/open.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from '../options.ts';
import { OutputClosed, printFailure, printJson, write } from '../output.ts';
import { showLine } from '../progress.ts';
import { listenForSignals } from '../signals.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

interface ExportFlags extends CommonFlags {
  readonly json?: true;
}

const signalTexts = {
  ending: 'ending the export; no file was written',
  overdue: 'the export did not end in time, perhaps because the database hangs',
};

export function addExportDump(parent: Command): void {
  const command = parent
    .command('dump')
    .summary('everything, for another database of hangarbay')
    .description(
      'Writes all tables as lines of JSON, compressed with gzip: history, ledger, changes, reference data and the validators\n' +
        'that the database holds. The file appears once it is whole. hangarbay import dump reads it, into SQLite or PostgreSQL.',
    )
    .argument('<target>', 'a file, or - for stdout')
    .option('--json', 'print one JSON object; to stderr where the dump goes to stdout');
  addExamples(command, 'export dump');
  addSettings(command, names).action(exportDump);
}

async function exportDump(target: string, flags: ExportFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  const progress: DumpProgress = { table: '', rows: 0 };
  const display = await showLine(() => `${progress.table} · ${progress.rows} rows`);
  const log = logFor(config, flags, display.clear);
  const stop = new AbortController();
  const signals = listenForSignals(log, stop, signalTexts);
  const readable = await openForQuestions(config.databaseUrl);
  try {
    display.start();
    await readable.read(async (reader) => {
      const lines = Readable.from(dumpLines(reader, progress));
      const options = { signal: stop.signal };
      if (target === '-') await pipeline(lines, createGzip(), toStdout, options);
      else await toFile(target, (file) => pipeline(lines, createGzip(), file, options));
    });
    display.stop();
    log.info(`${progress.rows} rows exported`);
    const summary = { target, rows: progress.rows };
    if (flags.json === true && target === '-') process.stderr.write(`${JSON.stringify(summary)}\n`);
    else if (flags.json === true) printJson(summary);
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

async function toStdout(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) await write(process.stdout, chunk);
}

/** @throws {HangarbayError} where the file cannot be written; the one that was there stays */
async function toFile(path: string, writeTo: (file: Writable) => Promise<void>): Promise<void> {
  try {
    await replaceLargeFile(path, (unfinished) =>
      writeTo(createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true })),
    );
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
