import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ArchiveExport } from '../../everef/export.ts';
import { replaceLargeFile } from '../../files.ts';
import { addExamples } from '../examples.ts';
import { printJson } from '../output.ts';
import { addExportSettings, type ExportFlags, runExport, writing } from './reading.ts';

export function addExportEveref(parent: Command): void {
  const command = parent
    .command('everef')
    .summary("listed contracts, as an archive in EVE Ref's format")
    .description(
      'Writes the listed contracts with their items, bids and rolls as CSV files in a bzip2-compressed tar, in the layout of\n' +
        "EVE Ref's public-contracts archives. The file appears when it is complete. Read it with hangarbay import everef.",
    )
    .argument('<file>', 'target file, such as public-contracts.v2.tar.bz2')
    .option('--json', 'print one JSON object');
  addExamples(command, 'export everef');
  addExportSettings(command).action(exportTo);
}

async function exportTo(file: string, flags: ExportFlags): Promise<void> {
  const progress: ArchiveExport = { file: '', rows: 0 };
  const line = () => `${progress.file} · ${progress.rows} rows`;
  await runExport({ flags, afterSignal: 'no file was written', line }, async ({ reader, signal, log }) => {
    const { archiveBytes } = await import('../../everef/export.ts');
    const toFile = (path: string) => createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
    await writing(file, () =>
      replaceLargeFile(file, (unfinished) =>
        pipeline(Readable.from(archiveBytes(reader, progress)), toFile(unfinished), { signal }),
      ),
    );
    log.info(`${progress.rows} rows exported`);
    if (flags.json === true) printJson({ file, rows: progress.rows });
  });
}
