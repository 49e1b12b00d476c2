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
import { loadLimits, saveLimits } from './limits.ts';
import { type PassOptions, runPass } from './pass.ts';
import type { Summary } from './summary.ts';

/** The user's settings for a pass over an open database. */
export interface PassSettings
  extends Config<'cacheUrl' | 'esiUrl' | 'contact' | 'regions' | 'concurrency' | 'maxRequests' | 'downtime'> {
  /** Whether requests carry the validators of earlier passes. Without it, all requests are unconditional. */
  readonly cache?: boolean;
  readonly marketPrices?: PassOptions['marketPrices'];
  readonly rolls?: PassOptions['rolls'];
  readonly plan?: PassOptions['plan'];
  readonly resolve?: PassOptions['resolve'];
}

/** What the caller supplies around a pass. */
export interface Surroundings extends Pick<PassOptions, 'log' | 'progress' | 'signalExitCode' | 'now'> {
  /** Aborted with a {@link StopError} to end the pass. */
  readonly stop: AbortController;
  /** How long to wait for the lock. */
  readonly wait?: LockWait;
  /** Called with the governor before the first request; the governor knows whether ESI is limiting the program. */
  readonly onGovernor?: (governor: Governor) => void;
}

/** Grace period for the pass to end after its maximum duration; a hanging database would hold it longer. */
const graceMilliseconds = 4_500;
/** The longest delay of Node's timers, almost 25 days. A longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Takes the lock of a database, runs a pass over it, and closes everything, also on failure.
 *
 * @param surroundings.onOverdue called when the pass is still running some seconds after its maximum duration
 *
 * @throws {HangarbayError} when the database is unreachable, or a region name is unknown or ambiguous
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
  const isOver = () => stop.abort(new StopError('max_duration', 'the maximum duration is over'));
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

/** Opens what a pass over an open database needs, runs the pass, and closes it all. */
export async function passOver(
  store: Store,
  { cacheUrl, esiUrl, contact, maxRequests, downtime, cache = true, ...scope }: PassSettings,
  { stop, deadline, onGovernor, ...rest }: Surroundings & { readonly deadline?: Date | undefined },
): Promise<Summary> {
  const { concurrency } = scope;
  const { log, now } = rest;
  const limits = await loadLimits(esiUrl, store);
  const { signal } = stop;
  const governor = new Governor({ concurrency, maxRequests, deadline, downtime, limits, signal, ...(now && { now }) });
  const onOutage = () => stop.abort(new StopError('esi_unavailable', 'ESI does not answer'));
  const esi = openEsiClient({ baseUrl: esiUrl, contact, concurrency, governor, onOutage, conditional: cache });
  const opened = await openCache(cacheUrl, store, log);
  const validators = cache ? opened : { ...opened, read: noValidators.read };
  try {
    onGovernor?.(governor);
    const summary = await runPass({ esi, store, validators, ...scope, ...rest });
    await saveLimits(esiUrl, governor.limits, store);
    return summary;
  } finally {
    await validators.close();
    await esi.close();
  }
}

/**
 * Validators in the database, or in Redis when one is configured. An unreachable Redis costs requests and does not fail
 * the pass.
 */
async function openCache(
  address: CacheAddress | undefined,
  { identity, validators }: Store,
  log: Log,
): Promise<Validators> {
  const onFailure = (message: string) =>
    log.warn(`the cache failed: ${message}. The pass continues without validators`);
  if (address === undefined) return openValidators({ store: validators, identity, onFailure });
  const { openRedis } = await import('../validators/redis.ts');
  try {
    return openValidators({ store: await openRedis(address), identity, onFailure });
  } catch (error) {
    onFailure(messageOf(error) || cacheLabel(address));
    return noValidators;
  }
}
