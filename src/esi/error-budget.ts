import { amount, type Headers, positiveSeconds } from './headers.ts';

/** ESI's older routes allow 100 errors in a fixed window of 60 seconds. */
export const errorWindowMilliseconds = 60_000;
/** Remaining and Reset of two answers belong to the same window if their ends differ by less. */
const windowToleranceMilliseconds = 3_000;
/** How soon to look again when only requests under way stand between us and the reserve. */
const underWayPauseMilliseconds = 10;

/** Errors left, until the window ends; times are milliseconds since 1970. */
export interface ErrorWindow {
  readonly remaining: number;
  readonly endsAt: number;
}

/**
 * The errors that ESI's older routes still allow, by `X-Esi-Error-Limit-Remain` and `-Reset`. Answers without such
 * headers restrict nothing.
 */
export class ErrorBudget {
  readonly #reserve: number;
  #window: ErrorWindow | undefined;

  /** @param reserve errors that are never spent: the user's other tools share the budget */
  constructor(reserve: number, window?: ErrorWindow) {
    this.#reserve = reserve;
    this.#window = window;
  }

  /** The window as it is known; undefined before ESI has spoken of one, and once it has ended. */
  window(now: number): ErrorWindow | undefined {
    // A clock that was set back must not make a window longer than windows are.
    const isOpen = this.#window && this.#window.endsAt > now && this.#window.endsAt <= now + errorWindowMilliseconds;
    if (!isOpen) this.#window = undefined;
    return this.#window;
  }

  /** Milliseconds to wait; each request under way may yet fail, so the closer the limit, the fewer at once. */
  waitingTime(now: number, underWay: number): number {
    const window = this.window(now);
    if (window === undefined || window.remaining - underWay > this.#reserve) return 0;
    if (window.remaining > this.#reserve && underWay > 0) return underWayPauseMilliseconds;
    return window.endsAt - now;
  }

  observe(headers: Headers, now: number): void {
    const remaining = amount(headers['x-esi-error-limit-remain']);
    const reset = positiveSeconds(headers['x-esi-error-limit-reset']);
    if (remaining === undefined || reset === undefined) return;
    const endsAt = now + Math.min(reset, errorWindowMilliseconds);
    const known = this.window(now);
    // Answers overtake each other: within one window the lowest count is the latest.
    const isSame = known !== undefined && Math.abs(known.endsAt - endsAt) < windowToleranceMilliseconds;
    this.#window = isSame ? { remaining: Math.min(known.remaining, remaining), endsAt } : { remaining, endsAt };
  }
}
