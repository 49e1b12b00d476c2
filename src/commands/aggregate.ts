import type { Command } from 'commander';
import { leaveLimits, limitsBefore } from '../aggregate/limits.ts';
import { type Progress, runPass } from '../aggregate/pass.ts';
import type { Summary } from '../aggregate/summary.ts';
import { type Config, readConfig, type SettingName } from '../config.ts';
import { messageOf } from '../errors.ts';
import { openEsiClient } from '../esi/client.ts';
import { Governor } from '../esi/governor.ts';
import { StopError } from '../esi/stop.ts';
import { noValidators, openValidators, type Validators } from '../esi/validators.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { openLocked } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { addExamples } from './examples.ts';
import { addSettings, logFor, logSettings } from './options.ts';
import { type ProgressDisplay, showProgress } from './progress.ts';

const names = [
  'databaseUrl',
  'cacheUrl',
  'esiUrl',
  'contact',
  'regions',
  'concurrency',
  'maxRequests',
  'maxDuration',
  'downtime',
  ...logSettings,
] as const satisfies SettingName[];

/** What Node's timers can hold, almost 25 days: longer ones would end at once. */
const longestTimer = 2 ** 31 - 1;

export function addAggregate(program: Command): void {
  const command = program
    .command('aggregate')
    .summary('run one aggregation pass, then exit')
    .description(
      'One pass over ESI: finds the public contracts of the regions, fetches the items of new ones, stores each\n' +
        'contract with all its items in one transaction, marks what is gone. A clean pass from cron prints nothing.',
    )
    .option('--json', 'print the summary as one JSON object on stdout');
  addExamples(command, 'aggregate');
  addSettings(command, names).action(aggregate);
}

async function aggregate(flags: Record<string, unknown>): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  const progress: Progress = {
    phase: 'regions',
    regions: { done: 0, total: 0 },
    contracts: { done: 0, total: 0 },
  };
  const display = showProgress(progress);
  const log = logFor(config, flags, display.clear);
  if (config.contact === undefined) {
    log.warn('no contact is set: ESI asks for an e-mail or URL in the User-Agent; set HANGARBAY_CONTACT');
  }
  const stop = new AbortController();
  const end = (error: StopError) => stop.abort(error);
  const signals = listenForSignals(log, end);
  const isOver = () => end(new StopError('max_duration', 'the maximal duration is over'));
  const duration = config.maxDuration === undefined ? undefined : Math.min(config.maxDuration, longestTimer);
  const timer = duration === undefined ? undefined : setTimeout(isOver, duration);
  const deadline = duration === undefined ? undefined : new Date(Date.now() + duration);
  try {
    const summary = await conductPass(config, { progress, display, log, end, signals, deadline }, stop.signal);
    tell(summary, log);
    if (flags.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
    process.exitCode = summary.exit_code;
  } finally {
    clearTimeout(timer);
    signals.ignore();
  }
}

interface Surroundings {
  readonly progress: Progress;
  readonly display: ProgressDisplay;
  readonly log: Log;
  readonly end: (error: StopError) => void;
  readonly signals: { readonly exitCode: ExitCode | undefined };
  /** When the pass ends at the latest. */
  readonly deadline: Date | undefined;
}

/** Makes what a pass needs, runs it, and closes everything, whatever happens. */
async function conductPass(
  { databaseUrl, cacheUrl, esiUrl, contact, maxRequests, ...scope }: Config<(typeof names)[number]>,
  { progress, display, log, end, signals, deadline }: Surroundings,
  signal: AbortSignal,
): Promise<Summary> {
  const { regions, concurrency, downtime } = scope;
  const locked = await openLocked(databaseUrl, signal);
  const { store } = locked;
  try {
    const limits = await limitsBefore(esiUrl, store);
    const governor = new Governor({ concurrency, maxRequests, deadline, downtime, limits, signal });
    const onOutage = () => end(new StopError('esi_unavailable', 'ESI does not answer'));
    const esi = openEsiClient({ baseUrl: esiUrl, contact, concurrency, governor, onOutage });
    const validators = await openCache(cacheUrl, store, log);
    const signalExitCode = () => signals.exitCode;
    try {
      display.start(governor);
      const options = { esi, store, validators, regions, concurrency, log, progress, signalExitCode };
      const summary = await runPass(options);
      await leaveLimits(esiUrl, governor.limits, store);
      return summary;
    } finally {
      display.stop();
      await validators.close();
      await esi.close();
    }
  } finally {
    await locked.close();
  }
}

/** Validators in the database, or in Redis when one is configured; a Redis that is down costs requests, not the pass. */
async function openCache(url: URL | undefined, { identity, validators }: Store, log: Log): Promise<Validators> {
  const onFailure = (message: string) => log.warn(`the cache failed, the pass goes on without validators: ${message}`);
  if (url === undefined) return openValidators({ store: validators, identity, onFailure });
  const { openRedis } = await import('../esi/redis.ts');
  try {
    return openValidators({ store: await openRedis(url), identity, onFailure });
  } catch (error) {
    onFailure(messageOf(error) || url.host);
    return noValidators;
  }
}

/** A stopped pass is to end within five seconds. */
const patienceMilliseconds = 4_500;

/** The first signal ends the pass in order; the second ends the process at once. */
function listenForSignals(log: Log, end: (error: StopError) => void) {
  const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;
  const state: { exitCode: ExitCode | undefined; ignore: () => void } = { exitCode: undefined, ignore: () => {} };
  /** A database that hangs must not hang whoever stops the service: what is not committed is rolled back. */
  function leave(signal: keyof typeof exitCodeOf): void {
    log.error(
      `${signal}: the pass did not end in time, perhaps because the database hangs; the next pass closes its row`,
    );
    process.exit(exitCodeOf[signal]);
  }
  function listener(signal: keyof typeof exitCodeOf): void {
    state.ignore();
    state.exitCode = exitCodeOf[signal];
    log.warn(`${signal}: ending the pass; what is stored stays, the rest waits for the next pass`);
    end(new StopError('signal', signal));
    setTimeout(leave, patienceMilliseconds, signal).unref();
  }
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  state.ignore = () => {
    process.removeListener('SIGINT', listener);
    process.removeListener('SIGTERM', listener);
  };
  return state;
}

function tell({ outcome, regions, contracts, items_stored, bids, requests, left, ...times }: Summary, log: Log): void {
  const seconds = (Date.parse(times.finished_at) - Date.parse(times.started_at)) / 1_000;
  log.info(
    `${outcome} in ${seconds} s: ${regions.complete} regions complete, ${regions.fresh} fresh, ` +
      `${regions.inconclusive} inconclusive, ${regions.failed} failed; ` +
      `${contracts.listed} contracts listed, ${contracts.stored} stored with ${items_stored} items, ` +
      `${contracts.gone} gone, ${contracts.deferred} deferred, ${contracts.quarantined} quarantined; ` +
      `${bids.asked} auctions asked about, ${bids.new} new bids; ` +
      `${requests.total} requests, ${requests.not_modified} not modified, ${requests.errors} errors`,
  );
  if (left.length > 0) log.warn(`left for the next pass: ${left.join('; ')}`);
}
