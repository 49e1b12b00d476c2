import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { openDownloads } from '../../sde/download.ts';
import { importStaticData } from '../../sde/import.ts';
import type { ImportProgress } from '../../sde/read.ts';
import { newestExport } from '../../sde/source.ts';
import { withLockedStore } from '../database/locked.ts';
import { logNewFolder } from '../database/new-folder.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, waitOption } from '../options.ts';
import { printJson } from '../output.ts';
import { showLine } from '../progress.ts';

const names = ['databaseUrl', 'contact', ...logSettings] as const satisfies SettingName[];

interface ImportFlags extends CommonFlags {
  readonly force?: true;
  readonly ifNewer?: true;
  readonly json?: true;
  readonly wait: string;
}

const signalTexts = {
  ending: 'ending the import; nothing was changed',
  overdue: 'the import did not end in time; the database may be hanging',
};

export function addImportSde(parent: Command): void {
  const command = parent
    .command('sde')
    .summary("the game's static data export")
    .description(
      'Reads the static data export (JSON Lines in a zip) from a file or a URL, and writes types, groups, market groups,\n' +
        'regions, systems, stargates, stations and mutaplasmid ranges: all or nothing. If the server supports ranges, downloads\n' +
        'only the required files. Passes no longer request this data from ESI.',
    )
    .argument('[source]', `a file, or an http or https URL (default: ${newestExport})`)
    .option('--if-newer', 'do nothing if the database has this build; requests the newest build number first')
    .option('--force', 'also import a build that is older than the one in the database')
    .addOption(waitOption('0'))
    .option('--json', 'print one JSON object');
  addExamples(command, 'import sde');
  addSettings(command, names).action((source: string | undefined, flags: ImportFlags) =>
    importSde(source ?? newestExport, flags),
  );
}

async function importSde(source: string, flags: ImportFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  const progress: ImportProgress = { file: '', lines: 0 };
  const display = await showLine(() => `${progress.file} · ${progress.lines} lines`);
  const log = logFor(config, flags, display.clear);
  await logNewFolder(config.databaseUrl, log);
  const wait = lockWait(flags, log);
  await withLockedStore({ databaseUrl: config.databaseUrl, log, wait, signalTexts }, async (store, signal) => {
    const downloads = openDownloads(config.contact, signal);
    try {
      display.start();
      const summary = await importStaticData(source, flags, { store, downloads, progress, signal });
      display.stop();
      const { build, released_at, outcome, rows } = summary;
      const what = `build ${build}${released_at === null ? '' : ` of ${released_at}`}`;
      if (outcome === 'up_to_date') log.info(`${what} is already imported`);
      else log.info(`${what} imported: ${rows?.types} types, ${rows?.systems} systems`);
      if (flags.json === true) printJson(summary);
    } finally {
      display.stop();
      await downloads.close();
    }
  });
}
