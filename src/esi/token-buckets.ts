import { amount, type Headers } from './headers.ts';

/** Tokens that a request costs at most: 2 when it succeeds, 5 when it is refused. */
const usualCost = 2;
const highestCost = 5;
/** Below this share of a bucket, requests are sent only as fast as it refills. */
const lowShare = 0.2;

interface Bucket {
  remaining: number;
  readonly tokens: number;
  /** Milliseconds in which a bucket refills completely. */
  readonly window: number;
  /** Milliseconds since 1970. */
  pausedUntil: number;
}

/**
 * The token buckets of ESI's newer routes, one per group, from `X-Ratelimit-*`. The group of a route is learned from
 * its answers, because ESI moves routes to groups without notice. A low bucket delays its own routes only.
 */
export class TokenBuckets {
  readonly #groupOf = new Map<string, string>();
  readonly #buckets = new Map<string, Bucket>();

  /** Milliseconds to wait before a request of this route. */
  waitingTime(route: string, now: number): number {
    return Math.max((this.#bucketOf(route)?.pausedUntil ?? 0) - now, 0);
  }

  /** Records a sent request of this route: while its bucket is low, the next one waits for the refill. */
  spend(route: string, now: number): void {
    const bucket = this.#bucketOf(route);
    if (bucket === undefined) return;
    bucket.remaining -= usualCost;
    if (bucket.remaining - highestCost > bucket.tokens * lowShare) return;
    bucket.pausedUntil = Math.max(bucket.pausedUntil, now + (bucket.window / bucket.tokens) * usualCost);
  }

  observe(route: string, headers: Headers, now: number): void {
    const [, tokens, length, unit] =
      /^\s*([1-9]\d*)\s*\/\s*([1-9]\d*)\s*([smh])\s*$/.exec(headers['x-ratelimit-limit'] ?? '') ?? [];
    const remaining = amount(headers['x-ratelimit-remaining']);
    if (tokens === undefined || remaining === undefined) return;
    const group = headers['x-ratelimit-group'] ?? route;
    const window = Number(length) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
    const pausedUntil = this.#buckets.get(group)?.pausedUntil ?? 0;
    const bucket: Bucket = { remaining, tokens: Number(tokens), window, pausedUntil };
    this.#groupOf.set(route, group);
    this.#buckets.set(group, bucket);
    if (remaining < bucket.tokens * lowShare) {
      bucket.pausedUntil = Math.max(pausedUntil, now + (window / bucket.tokens) * usualCost);
    }
  }

  /** Tokens left in each group's bucket, as far as known. */
  get remaining(): Record<string, number> {
    return Object.fromEntries([...this.#buckets].map(([group, { remaining }]) => [group, remaining]));
  }

  #bucketOf(route: string): Bucket | undefined {
    return this.#buckets.get(this.#groupOf.get(route) ?? '');
  }
}
