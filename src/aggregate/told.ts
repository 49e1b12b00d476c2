import type { EsiClient } from '../esi/client.ts';
import type { StopCause } from '../process/stop.ts';
import type { Store } from '../store/store.ts';
import { toInstant } from '../time.ts';

const dayMilliseconds = 24 * 60 * 60_000;

/**
 * Whether something that stays as it is for days is to be told in this pass: the first time, and once a day from then
 * on. The table `meta` remembers when.
 *
 * @param what the key of the message in the table `meta`
 */
export async function isToldNow(
  what: string,
  store: Pick<Store, 'readMeta' | 'writeMeta'>,
  now: Date,
): Promise<boolean> {
  const key = `told: ${what}`;
  const age = now.getTime() - Date.parse((await store.readMeta(key)) ?? '');
  // A time in the future was written under a clock that has been put right since.
  if (age >= 0 && age < dayMilliseconds) return false;
  await store.writeMeta(key, toInstant(now));
  return true;
}

/**
 * The same for the end of a pass, where that is early or ESI gave no answer at all: whether an outage stops a pass depends on
 * how many requests it has to send. The downtime comes every day and needs no mail; a signal is answered each time.
 */
export async function isEndToldNow(
  stopCause: StopCause | undefined,
  { answered, tally }: Pick<EsiClient, 'answered' | 'tally'>,
  store: Pick<Store, 'readMeta' | 'writeMeta'>,
  now: Date,
): Promise<boolean> {
  const cause = stopCause ?? (!answered && tally.errors > 0 ? 'esi_unavailable' : undefined);
  if (cause === undefined || cause === 'downtime' || cause === 'plan') return false;
  return cause === 'signal' || isToldNow(`stopped early: ${cause}`, store, now);
}
