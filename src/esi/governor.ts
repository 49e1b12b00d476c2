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
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Errors of ESI's budget that are never spent: the user's other tools share it. */
  readonly reserve?: number;
  /** Requests that may be sent in all. */
  readonly maxRequests?: number | undefined;
  /** When the pass ends at the latest: nothing is waited for beyond it. */
  readonly deadline?: Date | undefined;
  /** The time of the day in which ESI is down: no request is sent in it, and none is waited for up to it. */
  readonly downtime?: Downtime | undefined;
  /** What the last pass knew of limits that may still hold. */
  readonly limits?: LimitState | undefined;
  /** Aborted when the pass is to end; its reason is a {@link StopError}. */
  readonly signal: AbortSignal;
  readonly now?: Clock;
}

/** What an answer says about limits. */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Limits that outlive a pass; times are milliseconds since 1970. */
export interface LimitState {
  readonly errorWindow: ErrorWindow | null;
  readonly pausedUntil: number;
}

/** A pause is never longer: `Retry-After: Infinity` must not end a pass, and a limit can be asked about again. */
const longestPauseMilliseconds = 60_000;
/**
 * So many questions that are answered `520 ConStopSpamming` with nothing else between them are a limit; fewer may be
 * about one contract that always gets this answer (esi/esi-issues#876).
 */
const spamQuestions = 3;
/** After so many pauses with nothing but limits between them, ESI does not want this pass. */
const pausesInVain = 3;

/**
 * Decides when the next request may be sent. One governor serves a whole pass, because ESI counts by address: errors
 * on the older routes (then 420 on every route), tokens on the newer ones (then 429).
 */
export class Governor {
  /** For requests under way; what waits has none, or a group of routes that is held up would hold up all others. */
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #options: GovernorOptions;
  readonly #now: () => number;
  readonly #errors: ErrorBudget;
  readonly #tokens = new TokenBuckets();
  #sent = 0;
  #underWay = 0;
  #pausedUntil: number;
  #pausesInRow = 0;
  /** The questions that were answered with 520 and nothing else since the last other answer. */
  readonly #spamming = new Set<string>();

  constructor(options: GovernorOptions) {
    const { concurrency, reserve = 20, limits, now = () => new Date() } = options;
    this.#options = options;
    // Every request under way listens to the end of the pass.
    setMaxListeners(0, options.signal);
    this.#slots = pLimit(concurrency);
    this.#now = () => now().getTime();
    this.#errors = new ErrorBudget(reserve, limits?.errorWindow ?? undefined);
    // Not longer than any pause is, or a clock that was set back would hold up every pass.
    const pausedUntil = limits?.pausedUntil ?? 0;
    this.#pausedUntil = pausedUntil <= this.#now() + longestPauseMilliseconds ? pausedUntil : 0;
  }

  /** Requests sent so far, retries included. */
  get sent(): number {
    return this.#sent;
  }

  /** Errors left in the current window; undefined while ESI has not said. */
  get errorsRemaining(): number | undefined {
    return this.#errors.window(this.#now())?.remaining;
  }

  /** Tokens left, by group of routes, as far as ESI has said. */
  get tokensRemaining(): Readonly<Record<string, number>> {
    return this.#tokens.remaining;
  }

  /** What the next pass must know; undefined when no limit is in force. */
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
   * @throws {StopError} when it must not be sent in this pass at all
   */
  holdsUp(route: string): boolean {
    return this.#waitingTime(route) > 0;
  }

  /**
   * Sends one request as soon as it may be sent.
   *
   * @param route of the request: the newer limits count by groups of routes
   * @param address of the request
   * @throws {StopError} when the pass ends first
   */
  async attempt<Answer extends LimitedAnswer>(
    route: string,
    send: (signal: AbortSignal) => Promise<Answer>,
    address = route,
  ): Promise<Answer> {
    for (;;) {
      await this.#untilAllowed(route);
      // Others may have been sent, or forbidden everything, while this one stood in line for its slot.
      const answer = await this.#slots(async () =>
        this.#waitingTime(route) > 0 ? undefined : this.#send(route, send, address),
      );
      if (answer !== undefined) return answer;
    }
  }

  /**
   * Lets time pass.
   *
   * @throws {StopError} when the pass ends first
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
    // Counted in the breath in which it was allowed, or others would be let through by the same numbers.
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
   * How long a request of this route must not be sent yet, in milliseconds.
   *
   * @throws {StopError} when it must not be sent in this pass at all
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

  /** While ESI is down as it is every day, its errors would only spend the user's budget. */
  #avoidDowntime(at: number): void {
    const end = downtimeEnd(new Date(at), this.#options.downtime);
    if (end === undefined) return;
    throw new StopError('downtime', `ESI's daily downtime lasts until ${toInstant(end)}; run again after it`);
  }

  #refuseToWaitInVain(until: number): void {
    const { deadline } = this.#options;
    if (this.#pausesInRow >= pausesInVain) {
      throw new StopError('limited', `ESI limits us, and did so again after each of ${pausesInVain - 1} pauses`);
    }
    if (deadline !== undefined && until > deadline.getTime()) {
      throw new StopError('limited', `ESI limits us until ${new Date(until).toISOString()}, beyond the pass's end`);
    }
  }

  #observe(route: string, { status, headers, body }: LimitedAnswer, address: string): void {
    const now = this.#now();
    this.#errors.observe(headers, now);
    this.#tokens.observe(route, headers, now);
    if (status === 520) this.#spamming.add(address);
    else this.#spamming.clear();
    const pause = pauseAfter(status, headers, body, now);
    if (pause === undefined || (status === 520 && this.#spamming.size < spamQuestions)) {
      this.#pausesInRow = 0;
      return;
    }
    // The answers to requests that were under way together speak of one pause.
    if (this.#pausedUntil <= now) this.#pausesInRow += 1;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(pause, longestPauseMilliseconds));
  }
}

/** How long an answer forbids every further request, in milliseconds; undefined where it does not. */
function pauseAfter(status: number, headers: Headers, body: unknown, now: number): number | undefined {
  if (status === 420) return positiveSeconds(headers['x-esi-error-limit-reset']) ?? errorWindowMilliseconds;
  if (status === 429) return retryAfter(headers['retry-after'], now) ?? longestPauseMilliseconds / 2;
  return status === 520 ? spamPause(body) : undefined;
}

/** `520 ConStopSpamming, details: {"remainingTime": N}` tells the time to wait in microseconds. */
function spamPause(body: unknown): number | undefined {
  const [, microseconds] = /ConStopSpamming.*?remainingTime\D+(\d+)/s.exec(JSON.stringify(body ?? '')) ?? [];
  return microseconds === undefined ? undefined : Number(microseconds) / 1_000;
}
