import type { Command } from 'commander';
import type { ParquetProgress } from '../../parquet/export.ts';
import { addExamples } from '../examples.ts';
import { printJson } from '../output.ts';
import { addExportSettings, type ExportFlags, runExport, writing } from './reading.ts';

export function addExportParquet(parent: Command): void {
  const command = parent
    .command('parquet')
    .summary('Parquet files for DuckDB, Spark, Trino, ClickHouse and others')
    .description(
      'Writes one folder per contract table, with one file per month of issue, and each table of reference data as one file.\n' +
        'A repeated export writes only the months that changed. Each file appears when it is complete.',
    )
    .argument('<folder>', 'target folder, for these files only; created if missing')
    .option('--json', 'print one JSON object');
  addExamples(command, 'export parquet');
  addExportSettings(command).action(exportTo);
}

async function exportTo(folder: string, flags: ExportFlags): Promise<void> {
  const progress: ParquetProgress = { folder: '', rows: 0 };
  const line = () => `${progress.folder} · ${progress.rows} rows`;
  const afterSignal = 'the files that were written stay; run the export again for the rest';
  await runExport({ flags, afterSignal, line }, async ({ reader, signal, log }) => {
    const { exportParquet } = await import('../../parquet/export.ts');
    await writing(folder, async () => {
      const summary = await exportParquet({ reader, folder, progress, signal });
      log.info(
        `${summary.rows} rows in ${summary.files_written} files written, ${summary.files_unchanged} files unchanged, ` +
          `${summary.files_removed} removed`,
      );
      if (flags.json === true) printJson({ folder, ...summary });
    });
  });
}
