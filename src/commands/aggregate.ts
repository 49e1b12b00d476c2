import type { Command } from 'commander';
import { changesSentence } from '../aggregate/changes-sentence.ts';
import { conductPass } from '../aggregate/conduct.ts';
import type { Plan } from '../aggregate/plan.ts';
import { nothingDone } from '../aggregate/progress.ts';
import type { Summary } from '../aggregate/summary.ts';
import { readConfig, type SettingName } from '../config.ts';
import { LockedError, messageOf } from '../errors.ts';
import type { Governor } from '../esi/governor.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { keepHeapSmall } from '../process/small-heap.ts';
import type { DatabaseLocation } from '../store/location.ts';
import { logNewFolder } from './database/new-folder.ts';
import { addExamples } from './examples.ts';
import { openMonitors } from './monitor/monitors.ts';
import { summaryLine } from './monitor/summary-line.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, recentLines, waitOption } from './options.ts';
import { printFailure, printJson } from './output.ts';
import { showProgress } from './progress.ts';
import { exitCodeOf } from './report-error.ts';
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
  'metricsFile',
  'pingUrl',
  ...logSettings,
] as const satisfies SettingName[];

interface AggregateFlags extends CommonFlags {
  readonly json?: true;
  readonly wait: string;
  readonly skipLocked?: true;
  readonly plan?: true;
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
      'One pass over ESI: lists the public contracts of the regions, fetches the items of new ones, stores each contract with\n' +
        'all its items in one transaction, and marks contracts that are gone. A clean pass from cron prints nothing.',
    )
    .option('--json', 'print the summary as one JSON object on stdout')
    .addOption(waitOption('0'))
    .option('--skip-locked', 'exit silently with 11 when another pass holds the lock')
    .option(
      '--plan',
      'request only the lists that are due, then print the requests that a pass would still send, and their duration',
    )
    .option('--no-cache', 'request every list without validators, even if it has not expired')
    .option('--no-market-prices', 'do not refresh the market prices')
    .option('--no-rolls', 'do not fetch the rolls of mutated modules');
  addExamples(command, 'aggregate');
  addSettings(command, names).action(aggregate);
}

async function aggregate(flags: AggregateFlags): Promise<void> {
  keepHeapSmall();
  const config = readConfig(names, { flags, environment: process.env });
  const progress = nothingDone();
  const display = await showProgress(progress);
  const log = logFor(config, flags, display.clear);
  if (config.contact === undefined) {
    log.warn('no contact is set: ESI asks for an e-mail address or URL in the User-Agent; set HANGARBAY_CONTACT');
  }
  await logNewFolder(config.databaseUrl, log);
  const monitors = await openMonitors({ ...config, recentLines }, log);
  const stop = new AbortController();
  const signals = listenForSignals(log, stop);
  try {
    const signalExitCode = () => signals.exitCode;
    const onOverdue = () => leaveAtOnce(log);
    const wait = lockWait(flags, log);
    const onGovernor = (governor: Governor) => {
      monitors.started();
      display.start(governor);
    };
    const surroundings = { log, progress, stop, wait, signalExitCode, onGovernor, onOverdue };
    const { cache, marketPrices, rolls, plan } = flags;
    const summary = await conductPass({ ...config, cache, marketPrices, rolls, plan }, surroundings).finally(() => {
      display.stop();
      // The grace period after a signal is for the database; monitors have their own time-outs.
      signals.ignore();
    });
    logSummary(summary, log);
    if (summary.plan === undefined) log.info(changesSentence(summary), { run_id: summary.run_id });
    if (flags.json === true) printJson(summary);
    else if (summary.plan !== undefined) await printPlan(config.databaseUrl, summary.plan);
    process.exitCode = summary.exit_code;
    await monitors.ended(summary.exit_code, { summary });
  } catch (error) {
    await monitors.ended(signals.exitCode ?? exitCodeOf(error), { error });
    if (error instanceof LockedError && flags.skipLocked === true) {
      log.info(error.message);
      printFailure(error.message, exitCodes.locked);
      process.exitCode = exitCodes.locked;
      return;
    }
    if (signals.exitCode === undefined) throw error;
    // The signal ended the pass; a failure to end cleanly is a consequence.
    log.error(messageOf(error));
    printFailure(messageOf(error), signals.exitCode);
    process.exitCode = signals.exitCode;
  } finally {
    signals.ignore();
  }
}

async function printPlan(databaseUrl: DatabaseLocation, plan: Plan): Promise<void> {
  const { planText } = await import('./monitor/plan-text.ts');
  process.stdout.write(await planText(databaseUrl, plan));
}

/** Uncommitted writes are rolled back, and the next pass closes the ledger row. */
function leaveAtOnce(log: Log): void {
  const message = 'the pass did not end in time after its maximum duration; the database may be hanging';
  log.error(message);
  printFailure(message, exitCodes.storage);
  process.exit(exitCodes.storage);
}

/**
 * Logs how the pass ended and what is left, in one line. From cron this becomes a mail, so a persisting condition is
 * not repeated.
 */
function logSummary(summary: Summary, log: Log): void {
  const { run_id, left, is_news } = summary;
  log[left.length > 0 && is_news ? 'warn' : 'info'](summaryLine(summary), { run_id });
}
