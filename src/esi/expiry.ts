import { longestDelayMilliseconds } from '../time.ts';
import type { WireAnswer } from './answer.ts';

/** Minimum delay before the next request for an answer whose own header says that it has expired. */
const shortestLifetimeMilliseconds = 1_000;

/**
 * When an answer expires, by the local clock. ESI's newer routes send `Cache-Control: max-age`, and their `Expires` is
 * meaningless. The older ones send `Expires`, which is measured from the server's `Date`, so that a wrong local clock
 * does no harm.
 */
export function expiryOf({ headers, receivedAt }: Pick<WireAnswer, 'headers' | 'receivedAt'>): Date {
  const lifetime = maxAge(headers) ?? expiresAfter(headers, receivedAt) ?? 0;
  const believed = Math.min(Math.max(lifetime, shortestLifetimeMilliseconds), longestDelayMilliseconds);
  return new Date(receivedAt.getTime() + believed);
}

function maxAge(headers: WireAnswer['headers']): number | undefined {
  const [, seconds] = /(?:^|[\s,])max-age=(\d+)(?:[\s,]|$)/i.exec(headers['cache-control'] ?? '') ?? [];
  if (seconds === undefined) return undefined;
  const age = Number(headers.age ?? 0);
  return (Number(seconds) - (Number.isFinite(age) ? age : 0)) * 1_000;
}

function expiresAfter(headers: WireAnswer['headers'], receivedAt: Date): number | undefined {
  const expires = Date.parse(headers.expires ?? '');
  if (Number.isNaN(expires)) return undefined;
  const serverDate = Date.parse(headers.date ?? '');
  return expires - (Number.isNaN(serverDate) ? receivedAt.getTime() : serverDate);
}
