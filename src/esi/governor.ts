import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Clock } from '../time.ts';
import { StopError } from './stop.ts';

export interface GovernorOptions {
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Errors of ESI's budget that are never spent: the user's other tools share it. */
  readonly reserve?: number;
  /** Requests that may be sent in all. */
  readonly maxRequests?: number | undefined;
  /** Aborted when the pass is to end; its reason is a {@link StopError}. */
  readonly signal: AbortSignal;
  readonly now?: Clock;
}

/** What an answer says about limits. Header names in lower case; a header that came several times is joined. */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** ESI's older routes allow 100 errors in a fixed window of 60 seconds. */
const errorWindowMilliseconds = 60_000;
/** A pause is never longer: `Retry-After: Infinity` must not end a pass, and a limit can be asked about again. */
const longestPauseMilliseconds = 60_000;
/** Remaining and Reset of two answers belong to the same window if their ends differ by less. */
const windowToleranceMilliseconds = 3_000;

/**
 * Decides when the next request may be sent. One governor serves a whole pass, because ESI counts by address: errors
 * on the older routes (`X-Esi-Error-Limit-*`, then 420 on every route), tokens on the newer ones (`X-Ratelimit-*`,
 * then 429). Answers without such headers restrict nothing.
 */
export class Governor {
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #options: GovernorOptions;
  readonly #reserve: number;
  readonly #now: Clock;
  #sent = 0;
  #underWay = 0;
  #pausedUntil = 0;
  #errorWindow: { remaining: number; endsAt: number } | undefined;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
    this.#reserve = options.reserve ?? 20;
    this.#now = options.now ?? (() => new Date());
  }

  /** Requests sent so far, retries included. */
  get sent(): number {
    return this.#sent;
  }

  /** Errors left in the current window; undefined while ESI has not said. */
  get errorsRemaining(): number | undefined {
    return this.#currentWindow()?.remaining;
  }

  /**
   * Sends one request as soon as it may be sent.
   *
   * @throws {StopError} when the pass ends first
   */
  async attempt<Answer extends LimitedAnswer>(send: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    return this.#limit(async () => {
      await this.#admission();
      try {
        const answer = await send(this.#options.signal);
        this.#observe(answer);
        return answer;
      } finally {
        this.#underWay -= 1;
      }
    });
  }

  async #admission(): Promise<void> {
    for (;;) {
      this.#options.signal.throwIfAborted();
      if (this.#options.maxRequests !== undefined && this.#sent >= this.#options.maxRequests) {
        throw new StopError('max_requests', `the limit of ${this.#options.maxRequests} requests is reached`);
      }
      const wait = this.#waitingTime();
      if (wait <= 0) {
        // Counted in the same breath, or others would be let through by the same numbers.
        this.#sent += 1;
        this.#underWay += 1;
        return;
      }
      await sleep(wait, undefined, { signal: this.#options.signal }).catch(() => this.#options.signal.throwIfAborted());
    }
  }

  #waitingTime(): number {
    const now = this.#now().getTime();
    if (this.#pausedUntil > now) return this.#pausedUntil - now;
    const window = this.#currentWindow();
    // Each request under way may yet fail, so it counts as spent: the closer the limit, the fewer at once.
    if (window === undefined || window.remaining - this.#underWay > this.#reserve) return 0;
    if (window.remaining > this.#reserve && this.#underWay > 0) return 10;
    return window.endsAt - now;
  }

  #currentWindow(): { remaining: number; endsAt: number } | undefined {
    if (this.#errorWindow !== undefined && this.#errorWindow.endsAt <= this.#now().getTime()) {
      this.#errorWindow = undefined;
    }
    return this.#errorWindow;
  }

  #observe({ status, headers, body }: LimitedAnswer): void {
    const now = this.#now().getTime();
    const reset = positiveSeconds(headers['x-esi-error-limit-reset']);
    this.#observeErrorBudget(headers['x-esi-error-limit-remain'], reset, now);
    this.#observeTokens(headers, now);
    if (status === 420) this.#pause(now, reset ?? errorWindowMilliseconds);
    if (status === 429) this.#pause(now, retryAfter(headers['retry-after'], now) ?? longestPauseMilliseconds / 2);
    if (status === 520) this.#pause(now, spamPause(body));
  }

  #observeErrorBudget(remain: string | undefined, reset: number | undefined, now: number): void {
    const remaining = remain === undefined || remain.trim() === '' ? Number.NaN : Number(remain);
    if (!Number.isFinite(remaining) || reset === undefined) return;
    const endsAt = now + Math.min(reset, longestPauseMilliseconds);
    const known = this.#currentWindow();
    // Answers overtake each other: within one window the lowest count is the latest.
    const sameWindow = known !== undefined && Math.abs(known.endsAt - endsAt) < windowToleranceMilliseconds;
    this.#errorWindow = sameWindow
      ? { remaining: Math.min(known.remaining, remaining), endsAt }
      : { remaining, endsAt };
  }

  /** A token bucket that runs low is left to fill up again at its own rate. */
  #observeTokens(headers: LimitedAnswer['headers'], now: number): void {
    const [, tokens, amount, unit] =
      /^\s*(\d+)\s*\/\s*(\d+)\s*([smh])\s*$/.exec(headers['x-ratelimit-limit'] ?? '') ?? [];
    const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
    if (tokens === undefined || !(remaining < Number(tokens) * 0.2)) return;
    const windowMilliseconds = Number(amount) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
    const tokensPerRequest = 2;
    this.#pause(now, (windowMilliseconds / Number(tokens)) * tokensPerRequest);
  }

  #pause(now: number, milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(milliseconds, longestPauseMilliseconds));
  }
}

/** Milliseconds, or undefined unless the text is a positive, finite number of seconds. */
function positiveSeconds(text: string | undefined): number | undefined {
  const seconds = Number(text?.trim() || Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
}

/** Retry-After is a number of seconds or an HTTP date; anything else is as good as absent. */
function retryAfter(text: string | undefined, now: number): number | undefined {
  const seconds = positiveSeconds(text);
  if (seconds !== undefined || text === undefined) return seconds;
  const date = Date.parse(text);
  return Number.isNaN(date) || date <= now ? undefined : date - now;
}

/** `520 ConStopSpamming, details: {"remainingTime": N}` tells the time to wait in microseconds. */
function spamPause(body: unknown): number {
  const [, microseconds] = /ConStopSpamming.*?remainingTime\D+(\d+)/s.exec(JSON.stringify(body ?? '')) ?? [];
  return microseconds === undefined ? 0 : Number(microseconds) / 1_000;
}
