import { type SQL, sql } from 'drizzle-orm';
import { type Instant, instantAfter, longestDelayMilliseconds, toInstant } from '../time.ts';

const firstDelayMilliseconds = 5 * 60_000;
const longestRetryDelayMilliseconds = 24 * 60 * 60_000;

/**
 * When something that failed is tried again: after the first failure in the next pass, whenever that is; then after 5
 * minutes, doubling up to a day.
 *
 * @param attempts failed attempts so far, this one included
 */
export function nextAttemptAt(attempts: number, now: Date): Instant {
  if (attempts <= 1) return toInstant(now);
  return instantAfter(now, Math.min(firstDelayMilliseconds * 2 ** (attempts - 2), longestRetryDelayMilliseconds));
}

/** An id that ESI does not know costs an error each time it is asked about, and few come back to life. */
const refusedReferenceDelayMilliseconds = 60 * 60_000;

/** When a name or another object of the universe that could not be had is asked for again. */
export function nextReferenceAttemptAt(attempts: number, why: 'refused' | 'failed', now: Date): Instant {
  const afterFault = nextAttemptAt(attempts, now);
  const afterRefusal = instantAfter(now, refusedReferenceDelayMilliseconds);
  return why === 'refused' && afterRefusal > afterFault ? afterRefusal : afterFault;
}

/** The same as `hasCome` of an instant, for a column of instants. */
export function isDue(column: SQL, now: Instant): SQL {
  return sql`(${column} <= ${now} OR ${column} > ${instantAfter(new Date(now), longestDelayMilliseconds)})`;
}
