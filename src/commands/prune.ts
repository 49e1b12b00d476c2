import type { Command } from 'commander';
import { readConfig, type SettingName } from '../config.ts';
import { UsageError } from '../errors.ts';
import type { PrunedCounts, PruneOptions } from '../store/records/upkeep.ts';
import type { Store } from '../store/store.ts';
import { parseDuration, toInstant } from '../time.ts';
import { withLockedStore } from './database/locked.ts';
import { addExamples } from './examples.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, waitOption } from './options.ts';
import { printJson } from './output.ts';
import { showLine } from './progress.ts';
import { summaries } from './summaries.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

interface PruneFlags extends CommonFlags {
  readonly goneBefore: string;
  readonly keepSold?: true;
  readonly dryRun?: true;
  readonly vacuum?: true;
  readonly wait: string;
  readonly json?: true;
}

const signalTexts = {
  ending: 'ending after the current transaction; removed contracts stay removed. Run the command again for the rest',
  overdue: 'the current transaction did not end in time; the database may be hanging',
};

export function addPrune(program: Command): void {
  const command = program
    .command('prune')
    .summary(summaries.prune)
    .description(
      'Removes contracts that are gone since before a given time, with their items, bids, rolls and changes. Takes the lock of\n' +
        'the database; queries continue. Keeps listed contracts, reference data and the ledger.',
    )
    .requiredOption('--gone-before <when>', 'contracts that are gone since before this time: 90d, 2026-01-01T00:00:00Z')
    .option('--keep-sold', 'keep contracts with the outcome sold or accepted, the source of prices')
    .option('--dry-run', 'count the contracts to remove, change nothing')
    .option(
      '--vacuum',
      'free disk space: SQLite rewrites the file, which needs as much space again; PostgreSQL keeps the space for new rows',
    )
    .addOption(waitOption('0'))
    .option('--json', 'print one JSON object');
  addExamples(command, 'prune');
  addSettings(command, names).action(prune);
}

async function prune(flags: PruneFlags): Promise<void> {
  const options = { gone_before: instantBefore(flags.goneBefore), keep_sold: flags.keepSold === true };
  const config = readConfig(names, { flags, environment: process.env });
  const sum = { contracts: 0, items: 0, bids: 0 };
  const display = await showLine(() => `${sum.contracts} contracts removed`);
  const log = logFor(config, flags, display.clear);
  const wait = lockWait(flags, log);
  await withLockedStore({ databaseUrl: config.databaseUrl, log, wait, signalTexts }, async (store, signal) => {
    display.start();
    try {
      if (flags.dryRun === true) addTo(sum, await store.countPrunable(options));
      else await removeAll(store, options, sum, signal);
      if (flags.vacuum === true && flags.dryRun !== true && !signal.aborted) await store.vacuum();
    } finally {
      display.stop();
    }
    const { contracts, items, bids } = sum;
    const removed = `${contracts} contracts, ${items} items and ${bids} bids`;
    if (flags.dryRun === true) log.info(`would remove ${removed}, gone before ${options.gone_before}`);
    else log.info(`removed ${removed}; query prices and query changes no longer include them`);
    if (flags.json === true) {
      printJson({ ...options, dry_run: flags.dryRun === true, ...sum });
    }
    signal.throwIfAborted();
  });
}

async function removeAll(store: Store, options: PruneOptions, sum: Sum, signal: AbortSignal): Promise<void> {
  for await (const removed of store.prune(options)) {
    addTo(sum, removed);
    if (signal.aborted) return;
  }
}

type Sum = { -readonly [Field in keyof PrunedCounts]: number };

function addTo(sum: Sum, { contracts, items, bids }: PrunedCounts): void {
  sum.contracts += Number(contracts);
  sum.items += Number(items);
  sum.bids += Number(bids);
}

/** @throws {UsageError} when the text is neither a duration nor an instant in the past */
function instantBefore(text: string): string {
  const duration = parseDuration(text.trim());
  const milliseconds = duration === undefined ? instantOf(text.trim()) : Date.now() - duration;
  if (Number.isNaN(milliseconds)) {
    throw new UsageError(
      `--gone-before: "${text}" is neither a duration nor an instant; for example --gone-before 90d or --gone-before 2026-01-01T00:00:00Z`,
    );
  }
  if (milliseconds > Date.now()) throw new UsageError(`--gone-before: "${text}" is in the future`);
  return toInstant(new Date(milliseconds));
}

function instantOf(text: string): number {
  return /^\d{4}-\d\d-\d\d([T ]|$)/.test(text) ? Date.parse(text) : Number.NaN;
}
