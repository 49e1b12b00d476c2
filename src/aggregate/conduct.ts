import type { Config } from '../config.ts';
import { messageOf } from '../errors.ts';
import { openEsiClient } from '../esi/client.ts';
import { Governor } from '../esi/governor.ts';
import type { Log } from '../log.ts';
import { StopError } from '../process/stop.ts';
import type { LockWait } from '../store/lock.ts';
import { openLocked } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { type CacheAddress, cacheLabel } from '../validators/address.ts';
import { noValidators, openValidators, type Validators } from '../validators/validators.ts';
import { leaveLimits, limitsBefore } from './limits.ts';
import { type PassOptions, runPass } from './pass.ts';
import type { Summary } from './summary.ts';

/** What a pass over an open database is told by its user. */
export interface PassSettings
  extends Config<'cacheUrl' | 'esiUrl' | 'contact' | 'regions' | 'concurrency' | 'maxRequests' | 'downtime'> {
  /** Whether what earlier passes know of ESI's answers is used; without, everything is asked for unconditionally. */
  readonly cache?: boolean;
  readonly marketPrices?: PassOptions['marketPrices'];
  readonly rolls?: PassOptions['rolls'];
  readonly plan?: PassOptions['plan'];
  readonly resolve?: PassOptions['resolve'];
}

/** What a pass has around it while it runs. */
export interface Surroundings extends Pick<PassOptions, 'log' | 'progress' | 'signalExitCode' | 'now'> {
  /** Ends the pass when it is aborted, by a {@link StopError}. */
  readonly stop: AbortController;
  /** How long to wait for the lock. */
  readonly wait?: LockWait;
  /** Told of the governor before the first request: it knows how things stand with ESI. */
  readonly onGovernor?: (governor: Governor) => void;
}

/** What a pass has to end in once its duration is over; a database that hangs would hold it for longer. */
const graceMilliseconds = 4_500;
/** What Node's timers can hold, almost 25 days: longer ones would end at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Takes the lock of a database, runs a pass over it, and closes everything, whatever happens.
 *
 * @param surroundings.onOverdue called when the pass has not ended some seconds after its duration
 *
 * @throws {HangarbayError} when the database cannot be had, or a region cannot be told
 */
export async function conductPass(
  {
    databaseUrl,
    databaseConnections: connections,
    maxDuration,
    ...settings
  }: PassSettings & Config<'databaseUrl' | 'databaseConnections' | 'maxDuration'>,
  surroundings: Surroundings & { readonly onOverdue: () => void },
): Promise<Summary> {
  const { stop, onOverdue, wait } = surroundings;
  const duration = maxDuration === undefined ? undefined : Math.min(maxDuration, longestTimer);
  const deadline = duration === undefined ? undefined : new Date(Date.now() + duration);
  const isOver = () => stop.abort(new StopError('max_duration', 'the maximal duration is over'));
  const timer = duration === undefined ? undefined : setTimeout(isOver, duration);
  const overdue = Math.min((duration ?? 0) + graceMilliseconds, longestTimer);
  const lastTimer = duration === undefined ? undefined : setTimeout(onOverdue, overdue);
  try {
    const { store, close } = await openLocked(databaseUrl, { ...wait, signal: stop.signal, connections });
    try {
      return await passOver(store, settings, { ...surroundings, deadline });
    } finally {
      await close();
    }
  } finally {
    clearTimeout(timer);
    clearTimeout(lastTimer);
  }
}

/** Makes what a pass over an open database needs, runs it, and closes all of that. */
export async function passOver(
  store: Store,
  { cacheUrl, esiUrl, contact, maxRequests, downtime, cache = true, ...scope }: PassSettings,
  { stop, deadline, onGovernor, ...rest }: Surroundings & { readonly deadline?: Date | undefined },
): Promise<Summary> {
  const { concurrency } = scope;
  const { log, now } = rest;
  const limits = await limitsBefore(esiUrl, store);
  const { signal } = stop;
  const governor = new Governor({ concurrency, maxRequests, deadline, downtime, limits, signal, ...(now && { now }) });
  const onOutage = () => stop.abort(new StopError('esi_unavailable', 'ESI does not answer'));
  const esi = openEsiClient({ baseUrl: esiUrl, contact, concurrency, governor, onOutage, conditional: cache });
  const opened = await openCache(cacheUrl, store, log);
  const validators = cache ? opened : { ...opened, read: noValidators.read };
  try {
    onGovernor?.(governor);
    const summary = await runPass({ esi, store, validators, ...scope, ...rest });
    await leaveLimits(esiUrl, governor.limits, store);
    return summary;
  } finally {
    await validators.close();
    await esi.close();
  }
}

/** Validators in the database, or in Redis when one is configured; a Redis that is down costs requests, not the pass. */
async function openCache(
  address: CacheAddress | undefined,
  { identity, validators }: Store,
  log: Log,
): Promise<Validators> {
  const onFailure = (message: string) => log.warn(`the cache failed, the pass goes on without validators: ${message}`);
  if (address === undefined) return openValidators({ store: validators, identity, onFailure });
  const { openRedis } = await import('../validators/redis.ts');
  try {
    return openValidators({ store: await openRedis(address), identity, onFailure });
  } catch (error) {
    onFailure(messageOf(error) || cacheLabel(address));
    return noValidators;
  }
}
