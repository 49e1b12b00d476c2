import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { changesSentence } from '../aggregate/changes-sentence.ts';
import { conductPass } from '../aggregate/conduct.ts';
import { nothingDone } from '../aggregate/pass.ts';
import type { Summary } from '../aggregate/summary.ts';
import { readConfig, type SettingName } from '../config.ts';
import { messageOf } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { sayNewFolder } from './database/new-folder.ts';
import { addExamples } from './examples.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from './options.ts';
import { showProgress } from './progress.ts';
import { listenForSignals } from './signals.ts';
import { summaries } from './summaries.ts';

const names = [
  'databaseUrl',
  'databaseConnections',
  'cacheUrl',
  'esiUrl',
  'contact',
  'regions',
  'concurrency',
  'maxRequests',
  'maxDuration',
  'resolve',
  'downtime',
  ...logSettings,
] as const satisfies SettingName[];

interface AggregateFlags extends CommonFlags {
  readonly json?: true;
  /** False with `--no-cache`. */
  readonly cache: boolean;
  /** False with `--no-market-prices`. */
  readonly marketPrices: boolean;
  /** False with `--no-rolls`. */
  readonly rolls: boolean;
}

export function addAggregate(program: Command): void {
  const command = program
    .command('aggregate')
    .summary(summaries.aggregate)
    .description(
      'One pass over ESI: finds the public contracts of the regions, fetches the items of new ones, stores each\n' +
        'contract with all its items in one transaction, marks what is gone. A clean pass from cron prints nothing.',
    )
    .option('--json', 'print the summary as one JSON object on stdout')
    .option('--no-cache', 'ask for every list without validators, even if it has not expired')
    .option('--no-market-prices', 'leave the prices of the market as they are')
    .option('--no-rolls', 'ask for no rolls of mutated modules');
  addExamples(command, 'aggregate');
  addSettings(command, names).action(aggregate);
}

/**
 * About 20 MB of a pass's heap is live. V8 would let it grow to four times that before it collects, and on a large machine
 * give another 128 MB to young objects. Set at run time, because a Node that does not know one of these V8 flags refuses
 * to start with it.
 */
const smallHeap = ['--heap-growing-percent=60', '--semi-space-growth-factor=1'];

async function aggregate(flags: AggregateFlags): Promise<void> {
  for (const flag of smallHeap) setFlagsFromString(flag);
  const config = readConfig(names, { flags, environment: process.env });
  const progress = nothingDone();
  const display = await showProgress(progress);
  const log = logFor(config, flags, display.clear);
  if (config.contact === undefined) {
    log.warn('no contact is set: ESI asks for an e-mail or URL in the User-Agent; set HANGARBAY_CONTACT');
  }
  await sayNewFolder(config.databaseUrl, log);
  const stop = new AbortController();
  const signals = listenForSignals(log, stop);
  try {
    const signalExitCode = () => signals.exitCode;
    const onOverdue = () => leaveAtOnce(log);
    const surroundings = { log, progress, stop, signalExitCode, onGovernor: display.start, onOverdue };
    const { cache, marketPrices, rolls } = flags;
    const summary = await conductPass({ ...config, cache, marketPrices, rolls }, surroundings).finally(display.stop);
    tell(summary, log);
    log.info(changesSentence(summary), { run_id: summary.run_id });
    if (flags.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
    process.exitCode = summary.exit_code;
  } catch (error) {
    if (signals.exitCode === undefined) throw error;
    // What ended the pass is the signal, whatever could not be ended in order because of it.
    log.error(messageOf(error));
    process.exitCode = signals.exitCode;
  } finally {
    signals.ignore();
  }
}

/** What is not committed is rolled back, and the next pass closes the ledger's row. */
function leaveAtOnce(log: Log): void {
  log.error('the maximal duration is over and the pass did not end in time, perhaps because the database hangs');
  process.exit(exitCodes.storage);
}

function tell(
  { run_id, outcome, regions, contracts, items_stored, bids, requests, left, ...times }: Summary,
  log: Log,
): void {
  const seconds = (Date.parse(times.finished_at) - Date.parse(times.started_at)) / 1_000;
  log.info(
    `${outcome} in ${seconds} s: ${regions.complete} regions complete, ${regions.fresh} fresh, ` +
      `${regions.inconclusive} inconclusive, ${regions.doubtful} doubtful, ${regions.failed} failed; ` +
      `${contracts.listed} contracts listed, ${contracts.stored} stored with ${items_stored} items, ` +
      `${contracts.gone} gone, ${contracts.deferred} deferred, ${contracts.quarantined} quarantined; ` +
      `${bids.asked} auctions asked about, ${bids.new} new bids; ` +
      `${requests.total} requests, ${requests.not_modified} not modified, ${requests.errors} errors`,
    { run_id },
  );
  if (left.length > 0) log.warn(`left for the next pass: ${left.join('; ')}`, { run_id });
}
