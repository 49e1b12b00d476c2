import type { EsiClient } from '../esi/client.ts';
import type { StopCause } from '../process/stop.ts';
import type { Store } from '../store/store.ts';
import { toInstant } from '../time.ts';

const dayMilliseconds = 24 * 60 * 60_000;

/**
 * Whether to report a persisting condition in this pass: the first time, then once a day. The table `meta` holds the
 * time of the last report.
 *
 * @param what key of the message in the table `meta`
 */
export async function isReportDue(
  what: string,
  store: Pick<Store, 'readMeta' | 'writeMeta'>,
  now: Date,
): Promise<boolean> {
  const key = `told: ${what}`;
  const age = now.getTime() - Date.parse((await store.readMeta(key)) ?? '');
  // A time in the future was written under a wrong clock.
  if (age >= 0 && age < dayMilliseconds) return false;
  await store.writeMeta(key, toInstant(now));
  return true;
}

/** Why a pass ended as it did; a pass without any answer from ESI met an outage, even if it had sent all its requests. */
export function endCause(
  stopCause: StopCause | undefined,
  { answered, tally }: Pick<EsiClient, 'answered' | 'tally'>,
): StopCause | undefined {
  return stopCause ?? (!answered && tally.errors > 0 ? 'esi_unavailable' : undefined);
}

/**
 * Like {@link isReportDue}, for a pass that ended early or got no answer from ESI: whether an outage stops a pass
 * depends on the number of its requests. The daily downtime is never reported; a signal always is.
 */
export async function isEndReportDue(
  cause: StopCause | undefined,
  store: Pick<Store, 'readMeta' | 'writeMeta'>,
  now: Date,
): Promise<boolean> {
  if (cause === undefined || cause === 'downtime' || cause === 'plan') return false;
  return cause === 'signal' || isReportDue(`stopped early: ${cause}`, store, now);
}
