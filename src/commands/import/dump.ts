import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import type { DumpProgress } from '../../dump/format.ts';
import { type DumpSummary, importDump } from '../../dump/import.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type CacheAddress, cacheLabel } from '../../validators/address.ts';
import type { Entry } from '../../validators/move.ts';
import { withLockedStore } from '../database/locked.ts';
import { logNewFolder } from '../database/new-folder.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, waitOption } from '../options.ts';
import { printJson } from '../output.ts';
import { showLine } from '../progress.ts';

const names = ['databaseUrl', 'cacheUrl', ...logSettings] as const satisfies SettingName[];

interface ImportFlags extends CommonFlags {
  readonly merge?: true;
  readonly json?: true;
  readonly wait: string;
}

const signalTexts = {
  ending: 'ending the import; nothing was changed',
  overdue: 'the import did not end in time; the database may be hanging. It is rolled back when the process ends',
};

export function addImportDump(parent: Command): void {
  const command = parent
    .command('dump')
    .summary('the contents of another hangarbay database')
    .description(
      'Reads a dump written by hangarbay export dump, in one transaction. A truncated or altered dump imports nothing. The\n' +
        'database must be empty. With --merge, adds the contracts that it lacks with all their rows, and missing bids, passes\n' +
        'and reference data; existing rows stay as they are.',
    )
    .argument('<source>', 'a file, or - for stdin')
    .option('--merge', 'add missing rows to a database that is not empty')
    .addOption(waitOption('0'))
    .option('--json', 'print one JSON object');
  addExamples(command, 'import dump');
  addSettings(command, names).action(importFrom);
}

async function importFrom(source: string, flags: ImportFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  const progress: DumpProgress = { table: '', rows: 0 };
  const display = await showLine(() => `${progress.table} · ${progress.rows} rows`);
  const log = logFor(config, flags, display.clear);
  await logNewFolder(config.databaseUrl, log);
  const wait = lockWait(flags, log);
  await withLockedStore({ databaseUrl: config.databaseUrl, log, wait, signalTexts }, async (store, signal) => {
    display.start();
    try {
      const open = () => (source === '-' ? process.stdin : createReadStream(source));
      const merge = flags.merge === true;
      const summary = await importDump(source === '-' ? 'stdin' : source, open, {
        store,
        progress,
        signal,
        merge,
        keepValidators: config.cacheUrl === undefined ? undefined : intoRedis(config.cacheUrl, log),
      });
      display.stop();
      log.info(lineAbout(summary));
      if (flags.json === true) printJson({ ...summary, merge });
    } finally {
      display.stop();
    }
  });
}

function lineAbout({ created_at, added }: DumpSummary): string {
  const rows = Object.values(added).reduce((all, count) => all + count, 0);
  return `${rows} rows added, with ${added.contracts ?? 0} contracts, from a dump of ${created_at}`;
}

/** Without validators, the next pass requests every list once, which is no reason to roll back an import. */
function intoRedis(address: CacheAddress, log: Log) {
  return async (entries: readonly Entry[]) => {
    const { writeToRedis } = await import('../../validators/move.ts');
    await writeToRedis(address, entries).catch((error: unknown) =>
      log.warn(`the validators were not imported: the cache failed: ${messageOf(error) || cacheLabel(address)}`),
    );
  };
}
