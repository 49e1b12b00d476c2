import { type Answer, Body } from './answers.ts';
import type { Clock } from './types.ts';

/** The error limit of the older routes. */
export interface ErrorLimit {
  isExhausted(): boolean;
  count(): void;
  headers(): Record<string, string>;
}

/** Counts errors in windows of fixed length; the first request after a window's end opens the next. */
export function createErrorLimit(
  clock: Clock,
  { limit, windowSeconds }: { limit: number; windowSeconds: number },
): ErrorLimit {
  let errors = 0;
  let windowEnd = 0;

  const enterWindow = (): void => {
    const now = clock.now().getTime();
    // A clock that was moved back must not leave a window that lasts for days.
    if (now >= windowEnd || now < windowEnd - windowSeconds * 1000) {
      errors = 0;
      windowEnd = now + windowSeconds * 1000;
    }
  };

  return {
    isExhausted() {
      enterWindow();
      return errors >= limit;
    },
    count() {
      enterWindow();
      errors++;
    },
    headers() {
      enterWindow();
      return {
        'X-Esi-Error-Limit-Remain': String(Math.max(limit - errors, 0)),
        'X-Esi-Error-Limit-Reset': String(Math.ceil((windowEnd - clock.now().getTime()) / 1000)),
      };
    },
  };
}

const limitedBody = new Body('This software has exceeded the error limit for ESI. Wait for the window to end.');

/** The answer of every route once the error limit is exhausted. */
export function limitedAnswer(headers: Record<string, string | null>): Answer {
  return {
    status: 420,
    contentType: 'text/plain; charset=utf-8',
    body: limitedBody,
    headers,
  };
}
