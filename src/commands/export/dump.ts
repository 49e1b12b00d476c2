import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { dumpLines } from '../../dump/export.ts';
import type { DumpProgress } from '../../dump/format.ts';
import { messageOf } from '../../errors.ts';
import { replaceLargeFile } from '../../files.ts';
import type { Log } from '../../log.ts';
import { identityOf } from '../../store/bulk/source.ts';
import type { Reader } from '../../store/reader.ts';
import { type CacheAddress, cacheLabel } from '../../validators/address.ts';
import type { Entry } from '../../validators/move.ts';
import { addExamples } from '../examples.ts';
import { printJson, write } from '../output.ts';
import { addExportSettings, type ExportFlags, runExport, writing } from './reading.ts';

export function addExportDump(parent: Command): void {
  const command = parent
    .command('dump')
    .summary('the whole database, for another hangarbay')
    .description(
      'Writes all tables as gzipped JSON lines: history, ledger, changes, reference data and validators, including those in\n' +
        'Redis. The file appears when it is complete. Read it with hangarbay import dump, into SQLite or PostgreSQL.',
    )
    .argument('<target>', 'a file, or - for stdout')
    .option('--json', 'print one JSON object; on stderr when the dump goes to stdout');
  addExamples(command, 'export dump');
  addExportSettings(command, 'cacheUrl').action(exportDump);
}

async function exportDump(target: string, flags: ExportFlags): Promise<void> {
  const { cacheUrl } = readConfig(['cacheUrl'], { flags, environment: process.env });
  const progress: DumpProgress = { table: '', rows: 0 };
  const line = () => `${progress.table} · ${progress.rows} rows`;
  await runExport({ flags, afterSignal: 'no file was written', line }, async ({ reader, signal, log }) => {
    const validators = cacheUrl === undefined ? undefined : await validatorsIn(cacheUrl, reader, log);
    const lines = Readable.from(dumpLines(reader, progress, validators));
    if (target === '-') await pipeline(lines, createGzip(), toStdout, { signal });
    else {
      const toFile = (path: string) => createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
      await writing(target, () =>
        replaceLargeFile(target, (unfinished) => pipeline(lines, createGzip(), toFile(unfinished), { signal })),
      );
    }
    log.info(`${progress.rows} rows exported`);
    const summary = { target, rows: progress.rows };
    if (flags.json === true && target === '-') process.stderr.write(`${JSON.stringify(summary)}\n`);
    else if (flags.json === true) printJson(summary);
  });
}

/** The validators in Redis. Without them, the next pass requests every list once. */
async function validatorsIn(address: CacheAddress, reader: Reader, log: Log): Promise<readonly Entry[]> {
  const { readFromRedis } = await import('../../validators/move.ts');
  try {
    return await readFromRedis(address, await identityOf(reader));
  } catch (error) {
    log.warn(`the dump has no validators: the cache failed: ${messageOf(error) || cacheLabel(address)}`);
    return [];
  }
}

async function toStdout(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) await write(process.stdout, chunk);
}
