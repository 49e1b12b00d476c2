import { type SQL, sql } from 'drizzle-orm';
import { type Instant, instantAfter, longestDelayMilliseconds, toInstant } from '../time.ts';

const firstDelayMilliseconds = 5 * 60_000;
const longestRetryDelayMilliseconds = 24 * 60 * 60_000;

/**
 * When to try a failed unit again: after the first failure in the next pass, whenever that is; then after 5 minutes,
 * doubling up to a day.
 *
 * @param attempts failed attempts so far, including this one
 */
export function nextAttemptAt(attempts: number, now: Date): Instant {
  if (attempts <= 1) return toInstant(now);
  return instantAfter(now, Math.min(firstDelayMilliseconds * 2 ** (attempts - 2), longestRetryDelayMilliseconds));
}

/** Each request for an id that ESI does not know costs an error, and such ids rarely come back. */
const refusedReferenceDelayMilliseconds = 60 * 60_000;

/** When to request a name or another object again after a failure. */
export function nextReferenceAttemptAt(attempts: number, why: 'refused' | 'failed', now: Date): Instant {
  const afterFault = nextAttemptAt(attempts, now);
  const afterRefusal = instantAfter(now, refusedReferenceDelayMilliseconds);
  return why === 'refused' && afterRefusal > afterFault ? afterRefusal : afterFault;
}

/** Like `hasCome`, for a column of instants. */
export function isDue(column: SQL, now: Instant): SQL {
  return sql`(${column} <= ${now} OR ${column} > ${instantAfter(new Date(now), longestDelayMilliseconds)})`;
}
