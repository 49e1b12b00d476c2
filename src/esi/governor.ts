import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type Downtime, downtimeEnd } from '../eve/downtime.ts';
import { StopError } from '../process/stop.ts';
import { type Clock, toInstant } from '../time.ts';
import { ErrorBudget, type ErrorWindow, errorWindowMilliseconds } from './error-budget.ts';
import { type Headers, positiveSeconds, retryAfter } from './headers.ts';
import { TokenBuckets } from './token-buckets.ts';

export interface GovernorOptions {
  /** Maximum number of requests in flight. */
  readonly concurrency: number;
  /** Errors of ESI's budget that are never spent, because the user's other tools share it. */
  readonly reserve?: number;
  /** Maximum number of requests of the pass. */
  readonly maxRequests?: number | undefined;
  /** Latest end of the pass; no wait goes beyond it. */
  readonly deadline?: Date | undefined;
  /** ESI's daily downtime: no request is sent during it, and no wait goes into it. */
  readonly downtime?: Downtime | undefined;
  /** Limits from the last pass that may still be in force. */
  readonly limits?: LimitState | undefined;
  /** Aborted with a {@link StopError} to end the pass. */
  readonly signal: AbortSignal;
  readonly now?: Clock;
}

/** The parts of an answer that concern limits. */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Limits that outlive a pass; times in milliseconds since 1970. */
export interface LimitState {
  readonly errorWindow: ErrorWindow | null;
  readonly pausedUntil: number;
}

/** Maximum pause: `Retry-After: Infinity` must not end a pass, and a limit can be checked again. */
const longestPauseMilliseconds = 60_000;
/**
 * Number of different requests, answered `520 ConStopSpamming` without any other answer in between, that prove a limit.
 * Fewer may concern one contract that always gets this answer (esi/esi-issues#876).
 */
const spamRequests = 3;
/** Consecutive pauses, with only limited answers in between, after which the pass gives up. */
const maxPauses = 3;

/**
 * Decides when the next request may be sent. One governor serves a whole pass, because ESI counts by address: errors on
 * the older routes (then 420 on every route), tokens on the newer ones (then 429).
 */
export class Governor {
  /**
   * Slots of requests in flight. Waiting requests have none, so that a limited group of routes does not hold up the
   * others.
   */
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #options: GovernorOptions;
  readonly #now: () => number;
  readonly #errors: ErrorBudget;
  readonly #tokens = new TokenBuckets();
  #sent = 0;
  #underWay = 0;
  #pausedUntil: number;
  #pausesInRow = 0;
  /** Requests answered with only 520 since the last other answer. */
  readonly #spamming = new Set<string>();

  constructor(options: GovernorOptions) {
    const { concurrency, reserve = 20, limits, now = () => new Date() } = options;
    this.#options = options;
    // Every request in flight listens to this signal.
    setMaxListeners(0, options.signal);
    this.#slots = pLimit(concurrency);
    this.#now = () => now().getTime();
    this.#errors = new ErrorBudget(reserve, limits?.errorWindow ?? undefined);
    // Limited to the maximum pause, so that a clock that was set back does not delay every pass.
    const pausedUntil = limits?.pausedUntil ?? 0;
    this.#pausedUntil = pausedUntil <= this.#now() + longestPauseMilliseconds ? pausedUntil : 0;
  }

  /** Requests sent, retries included. */
  get sent(): number {
    return this.#sent;
  }

  /** Errors left in the current window; undefined if unknown. */
  get errorsRemaining(): number | undefined {
    return this.#errors.window(this.#now())?.remaining;
  }

  /** Tokens left by group of routes, as far as known. */
  get tokensRemaining(): Readonly<Record<string, number>> {
    return this.#tokens.remaining;
  }

  /** Limits in force that the next pass must observe; undefined without one. */
  get limits(): LimitState | undefined {
    const now = this.#now();
    const errorWindow = this.#errors.window(now) ?? null;
    if (errorWindow === null && this.#pausedUntil <= now) return undefined;
    return { errorWindow, pausedUntil: this.#pausedUntil };
  }

  /**
   * Whether a request would have to wait for a limit.
   *
   * @param route as for {@link attempt}
   * @throws {StopError} when the request must not be sent in this pass at all
   */
  holdsUp(route: string): boolean {
    return this.#waitingTime(route) > 0;
  }

  /**
   * Sends one request as soon as the limits allow it.
   *
   * @param route of the request, because the newer limits count by groups of routes
   * @param address of the request
   * @throws {StopError} when the pass ends early
   */
  async attempt<Answer extends LimitedAnswer>(
    route: string,
    send: (signal: AbortSignal) => Promise<Answer>,
    address = route,
  ): Promise<Answer> {
    for (;;) {
      await this.#untilAllowed(route);
      // While this request waited for its slot, others may have been sent, or an answer may have closed all routes.
      const answer = await this.#slots(async () =>
        this.#waitingTime(route) > 0 ? undefined : this.#send(route, send, address),
      );
      if (answer !== undefined) return answer;
    }
  }

  /**
   * Pauses.
   *
   * @throws {StopError} when the pass ends early
   */
  async wait(milliseconds: number): Promise<void> {
    const { signal } = this.#options;
    await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  async #untilAllowed(route: string): Promise<void> {
    for (let wait = this.#waitingTime(route); wait > 0; wait = this.#waitingTime(route)) await this.wait(wait);
  }

  async #send<Answer extends LimitedAnswer>(
    route: string,
    send: (signal: AbortSignal) => Promise<Answer>,
    address: string,
  ): Promise<Answer> {
    // Counted synchronously with the check, so that no other request passes on the same numbers.
    this.#sent += 1;
    this.#underWay += 1;
    this.#tokens.spend(route, this.#now());
    try {
      const answer = await send(this.#options.signal);
      this.#observe(route, answer, address);
      return answer;
    } finally {
      this.#underWay -= 1;
    }
  }

  /**
   * Milliseconds until a request of this route may be sent.
   *
   * @throws {StopError} when the request must not be sent in this pass at all
   */
  #waitingTime(route: string): number {
    const { signal, maxRequests } = this.#options;
    signal.throwIfAborted();
    if (maxRequests !== undefined && this.#sent >= maxRequests) {
      throw new StopError('max_requests', `the limit of ${maxRequests} requests is reached`);
    }
    const now = this.#now();
    const paused = Math.max(this.#pausedUntil - now, this.#tokens.waitingTime(route, now));
    const wait = paused > 0 ? paused : this.#errors.waitingTime(now, this.#underWay);
    this.#avoidDowntime(now + wait);
    if (wait > 0) this.#refuseToWaitInVain(now + wait);
    return wait;
  }

  /** Errors during the daily downtime would only spend the user's budget. */
  #avoidDowntime(at: number): void {
    const end = downtimeEnd(new Date(at), this.#options.downtime);
    if (end === undefined) return;
    throw new StopError('downtime', `ESI is in its daily downtime until ${toInstant(end)}; run again after it`);
  }

  #refuseToWaitInVain(until: number): void {
    const { deadline } = this.#options;
    if (this.#pausesInRow >= maxPauses) {
      throw new StopError('limited', `ESI is still limiting requests after ${maxPauses - 1} pauses; run again later`);
    }
    if (deadline !== undefined && until > deadline.getTime()) {
      throw new StopError(
        'limited',
        `ESI limits requests until ${new Date(until).toISOString()}, after the end of the pass`,
      );
    }
  }

  #observe(route: string, { status, headers, body }: LimitedAnswer, address: string): void {
    const now = this.#now();
    this.#errors.observe(headers, now);
    this.#tokens.observe(route, headers, now);
    if (status === 520) this.#spamming.add(address);
    else this.#spamming.clear();
    const pause = pauseAfter(status, headers, body, now);
    if (pause === undefined || (status === 520 && this.#spamming.size < spamRequests)) {
      this.#pausesInRow = 0;
      return;
    }
    // Answers to requests that were in flight together ask for the same pause.
    if (this.#pausedUntil <= now) this.#pausesInRow += 1;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(pause, longestPauseMilliseconds));
  }
}

/** Milliseconds for which an answer forbids all further requests; undefined if it does not. */
function pauseAfter(status: number, headers: Headers, body: unknown, now: number): number | undefined {
  if (status === 420) return positiveSeconds(headers['x-esi-error-limit-reset']) ?? errorWindowMilliseconds;
  if (status === 429) return retryAfter(headers['retry-after'], now) ?? longestPauseMilliseconds / 2;
  return status === 520 ? spamPause(body) : undefined;
}

/** `520 ConStopSpamming, details: {"remainingTime": N}` has the time to wait in microseconds. */
function spamPause(body: unknown): number | undefined {
  const [, microseconds] = /ConStopSpamming.*?remainingTime\D+(\d+)/s.exec(JSON.stringify(body ?? '')) ?? [];
  return microseconds === undefined ? undefined : Number(microseconds) / 1_000;
}
