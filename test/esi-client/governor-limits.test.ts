import { describe, expect, test, vi } from 'vitest';
import type { LimitedAnswer } from '../../src/esi/governor.ts';
import { answer, govern, numberSent, observe, pauseBeforeNext, startTogether } from './governed.ts';

vi.mock('node:timers/promises', () => import('../helpers/fakeable-sleep.ts'));

async function pauseAfter(observed: LimitedAnswer): Promise<number> {
  const governor = govern();
  await observe(governor, observed);
  return pauseBeforeNext(governor);
}

describe('420', () => {
  const limited = (reset?: string) => answer(420, reset === undefined ? {} : { 'x-esi-error-limit-reset': reset });

  test('waits as long as the header says', async () => {
    expect(await pauseAfter(limited('7'))).toBe(7_000);
  });

  test('waits for a whole window where no header says how long', async () => {
    expect(await pauseAfter(limited())).toBe(60_000);
  });

  test.each(['', '0', '-3', 'soon', 'NaN', 'Infinity'])(
    'waits for a whole window where the header says "%s"',
    async (reset) => {
      expect(await pauseAfter(limited(reset))).toBe(60_000);
    },
  );

  test('never waits for more than a minute at once', async () => {
    expect(await pauseAfter(limited('86400'))).toBe(60_000);
  });

  test('holds up every request, not only the one it answered', async () => {
    const governor = govern();
    await observe(governor, limited('7'));
    const started = await startTogether(governor, 5);
    await vi.advanceTimersByTimeAsync(6_999);
    expect(numberSent(started)).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(numberSent(started)).toBe(5);
  });

  test('a shorter pause does not end a longer one', async () => {
    const governor = govern();
    const started = await startTogether(governor, 2);
    started[0]?.answer(limited('30'));
    started[1]?.answer(limited('2'));
    await vi.advanceTimersByTimeAsync(0);
    expect(await pauseBeforeNext(governor)).toBe(30_000);
  });
});

describe('429', () => {
  const limited = (retryAfter?: string) => answer(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter });

  test.each([
    ['3', 3_000],
    ['1.5', 1_500],
    ['60', 60_000],
    ['999999', 60_000],
  ])('Retry-After of %s seconds is kept, up to a minute', async (retryAfter, pause) => {
    expect(await pauseAfter(limited(retryAfter))).toBe(pause);
  });

  test('Retry-After as a date is waited for', async () => {
    const governor = govern();
    vi.setSystemTime(Math.ceil(Date.now() / 1_000) * 1_000);
    await observe(governor, limited(new Date(Date.now() + 10_000).toUTCString()));
    expect(await pauseBeforeNext(governor)).toBe(10_000);
  });

  test('Retry-After as a date far away is waited for a minute at most', async () => {
    const governor = govern();
    await observe(governor, limited(new Date(Date.now() + 86_400_000).toUTCString()));
    expect(await pauseBeforeNext(governor)).toBe(60_000);
  });

  test.each([undefined, '', 'rubbish', 'Infinity', '-Infinity', 'NaN', '-5', '0', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'Retry-After of %j still means a pause, of a minute at most',
    async (retryAfter) => {
      const pause = await pauseAfter(limited(retryAfter));
      expect(pause).toBeGreaterThanOrEqual(1_000);
      expect(pause).toBeLessThanOrEqual(60_000);
    },
  );
});

describe('520', () => {
  const spamming = (microseconds: number) =>
    answer(520, {}, { error: `ConStopSpamming, details: {"remainingTime": ${microseconds}}` });

  test('ConStopSpamming tells microseconds', async () => {
    const pause = await pauseAfter(spamming(4_000_000));
    expect(pause).toBe(4_000);
  });

  test('ConStopSpamming is waited for a minute at most', async () => {
    expect(await pauseAfter(spamming(64_226_997))).toBe(60_000);
  });

  test('any other text is no limit', async () => {
    expect(await pauseAfter(answer(520, {}, { error: 'ItemNotFound' }))).toBe(0);
  });
});

describe('a token bucket', () => {
  const bucket = (limit: string, remaining: string) =>
    answer(200, { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining });

  test.each([
    ['600/15m', '100', 3_000],
    ['600/15m', '0', 3_000],
    ['10/10s', '1', 2_000],
    ['3600/1h', '5', 2_000],
  ])('%s with %s left is left to fill up by one request', async (limit, remaining, pause) => {
    expect(await pauseAfter(bucket(limit, remaining))).toBe(pause);
  });

  test.each([
    ['600/15m', '120'],
    ['600/15m', 'many'],
    ['600', '1'],
    ['0/15m', '0'],
  ])('%s with %s left restricts nothing', async (limit, remaining) => {
    expect(await pauseAfter(bucket(limit, remaining))).toBe(0);
  });
});

test('answers without any of these headers restrict nothing', async () => {
  expect(await pauseAfter(answer(200))).toBe(0);
  expect(await pauseAfter(answer(404))).toBe(0);
  expect(await pauseAfter(answer(500))).toBe(0);
});
