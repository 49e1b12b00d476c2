import { amount, type Headers, positiveSeconds } from './headers.ts';

/** ESI's older routes allow 100 errors in a fixed window of 60 seconds. */
export const errorWindowMilliseconds = 60_000;
/** Two answers belong to the same window if the window ends computed from their headers differ by less than this. */
const windowToleranceMilliseconds = 3_000;
/** Delay before the next check when only requests in flight keep the budget at its reserve. */
const inFlightPauseMilliseconds = 10;

/** Errors left in the window, and its end in milliseconds since 1970. */
export interface ErrorWindow {
  readonly remaining: number;
  readonly endsAt: number;
}

/**
 * The remaining errors of ESI's older routes, from `X-Esi-Error-Limit-Remain` and `-Reset`. Answers without these
 * headers set no limit.
 */
export class ErrorBudget {
  readonly #reserve: number;
  #window: ErrorWindow | undefined;

  /** @param reserve errors that are never spent, because the user's other tools share the budget */
  constructor(reserve: number, window?: ErrorWindow) {
    this.#reserve = reserve;
    this.#window = window;
  }

  /** The current window; undefined before ESI has sent one, and after its end. */
  window(now: number): ErrorWindow | undefined {
    // If the clock was set back, the window must not become longer than ESI's.
    const isOpen = this.#window && this.#window.endsAt > now && this.#window.endsAt <= now + errorWindowMilliseconds;
    if (!isOpen) this.#window = undefined;
    return this.#window;
  }

  /** Milliseconds to wait. Each request in flight may fail, so fewer are allowed the closer the limit is. */
  waitingTime(now: number, underWay: number): number {
    const window = this.window(now);
    if (window === undefined || window.remaining - underWay > this.#reserve) return 0;
    if (window.remaining > this.#reserve && underWay > 0) return inFlightPauseMilliseconds;
    return window.endsAt - now;
  }

  observe(headers: Headers, now: number): void {
    const remaining = amount(headers['x-esi-error-limit-remain']);
    const reset = positiveSeconds(headers['x-esi-error-limit-reset']);
    if (remaining === undefined || reset === undefined) return;
    const endsAt = now + Math.min(reset, errorWindowMilliseconds);
    const known = this.window(now);
    // Answers arrive out of order: within one window the lowest count is the latest.
    const isSame = known !== undefined && Math.abs(known.endsAt - endsAt) < windowToleranceMilliseconds;
    this.#window = isSame ? { remaining: Math.min(known.remaining, remaining), endsAt } : { remaining, endsAt };
  }
}
