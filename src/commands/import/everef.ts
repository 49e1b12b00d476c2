import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { readArchive } from '../../everef/archive.ts';
import { type ArchiveProgress, type ArchiveSummary, importArchive, skipOldArchive } from '../../everef/import.ts';
import { archivesIn, newestArchive, scrapeStartInName, withArchive } from '../../everef/sources.ts';
import { keepHeapSmall } from '../../process/small-heap.ts';
import { openDownloads } from '../../sde/download.ts';
import { withLockedStore } from '../database/locked.ts';
import { logNewFolder } from '../database/new-folder.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, waitOption } from '../options.ts';
import { printJson } from '../output.ts';
import { showLine } from '../progress.ts';

const names = ['databaseUrl', 'contact', ...logSettings] as const satisfies SettingName[];

interface ImportFlags extends CommonFlags {
  readonly json?: true;
  readonly wait: string;
}

const signalTexts = {
  ending: 'ending the import; stored rows stay. Run the command again for the rest',
  overdue: 'the import did not end in time; the database may be hanging',
};

export function addImportEveref(parent: Command): void {
  const command = parent
    .command('everef')
    .summary("public contracts from EVE Ref's archives")
    .description(
      'Imports archives of public contracts, which EVE Ref publishes twice an hour. Each is imported like a pass: contracts with\n' +
        'their items, bids and rolls, and the contracts that are gone since the archive before it. Sources are read in the order\n' +
        'given. The archives of a folder or an index.json, and of all folders below it, are read in the order of time. Archives\n' +
        'older than the last pass in the database are skipped.',
    )
    .argument('[sources...]', `files, folders, or URLs of archives or of an index.json (default: ${newestArchive})`)
    .addOption(waitOption('0'))
    .option('--json', 'print one JSON object');
  addExamples(command, 'import everef');
  addSettings(command, names).action(importEveref);
}

async function importEveref(given: readonly string[], flags: ImportFlags): Promise<void> {
  keepHeapSmall();
  const config = readConfig(names, { flags, environment: process.env });
  const progress: ArchiveProgress = { source: '', contracts: 0 };
  const display = await showLine(() => `${progress.source} · ${progress.contracts} contracts`);
  const log = logFor(config, flags, display.clear);
  await logNewFolder(config.databaseUrl, log);
  const wait = lockWait(flags, log);
  await withLockedStore({ databaseUrl: config.databaseUrl, log, wait, signalTexts }, async (store, signal) => {
    const downloads = openDownloads(config.contact, signal);
    const archives: ArchiveSummary[] = [];
    const importFrom = async (source: string): Promise<ArchiveSummary> => {
      const start = scrapeStartInName(source);
      const skipped = start === undefined ? undefined : await skipOldArchive(source, start, store);
      return (
        skipped ??
        withArchive(source, downloads, async (open) =>
          importArchive(source, await readArchive(source, open, signal), { store, progress, signal }),
        )
      );
    };
    try {
      const sources = await archivesIn(given.length === 0 ? [newestArchive] : given, downloads);
      display.start();
      for (const source of sources) {
        progress.source = source;
        const summary = await importFrom(source);
        archives.push(summary);
        log.info(lineAbout(summary));
      }
    } finally {
      display.stop();
      await downloads.close();
    }
    if (flags.json === true) printJson({ archives });
  });
}

function lineAbout(summary: ArchiveSummary): string {
  const { source, outcome, contracts_stored, items_stored, contracts_gone, contracts_waiting, rows_unusable } = summary;
  if (outcome === 'up_to_date') return `${source}: already imported`;
  if (outcome === 'older') return `${source}: skipped, older than the last pass in the database`;
  const waiting = contracts_waiting === 0 ? '' : `, ${contracts_waiting} wait for the next pass`;
  const unusable = rows_unusable === 0 ? '' : `, ${rows_unusable} malformed rows skipped`;
  return `${source}: ${contracts_stored} contracts with ${items_stored} items stored, ${contracts_gone} gone${waiting}${unusable}`;
}
