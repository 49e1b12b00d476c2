import { describe, expect, test, vi } from 'vitest';
import type { LimitedAnswer } from '../../src/esi/governor.ts';
import { answer, govern, numberSent, observe, pauseBeforeNext, startTogether, withErrorsLeft } from './governed.ts';

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

  test('holds up requests that waited for one under way to be answered', async () => {
    const governor = govern({ concurrency: 1 });
    const started = await startTogether(governor, 2);
    started[0]?.answer(limited('7'));
    await vi.advanceTimersByTimeAsync(6_999);
    expect(numberSent(started)).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(numberSent(started)).toBe(2);
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

  /** How long the next request waits after these answers, one after another. */
  async function pauseAfterAll(questions: readonly string[], microseconds: number): Promise<number> {
    const governor = govern();
    for (const question of questions) await governor.attempt('GET /', async () => spamming(microseconds), question);
    return pauseBeforeNext(governor);
  }

  test('ConStopSpamming to three questions in a row tells microseconds to wait', async () => {
    expect(await pauseAfterAll(['a', 'b', 'c'], 4_000_000)).toBe(4_000);
  });

  test('ConStopSpamming is waited for a minute at most', async () => {
    expect(await pauseAfterAll(['a', 'b', 'c'], 64_226_997)).toBe(60_000);
  });

  test('ConStopSpamming to one question, however often, holds up no other', async () => {
    expect(await pauseAfterAll(['a', 'a', 'b', 'a', 'a'], 64_226_997)).toBe(0);
  });

  test('ConStopSpamming between other answers holds up nothing', async () => {
    const governor = govern();
    for (const question of ['a', 'b', 'c', 'd']) {
      await governor.attempt('GET /', async () => spamming(4_000_000), question);
      await observe(governor, answer(200));
    }
    expect(await pauseBeforeNext(governor)).toBe(0);
  });

  test('any other text is not a limit', async () => {
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

describe('token buckets of several groups', () => {
  const low = (group: string) =>
    answer(200, { 'x-ratelimit-group': group, 'x-ratelimit-limit': '600/15m', 'x-ratelimit-remaining': '10' });

  test('hold up the routes of their own group only', async () => {
    const governor = govern();
    await governor.attempt('GET /status', async () => low('status'));
    expect(await pauseBeforeNext(governor, 'GET /contracts')).toBe(0);
    expect(await pauseBeforeNext(governor, 'GET /status')).toBe(3_000);
  });

  test('hold up no other route though more requests of theirs wait than may be under way at once', async () => {
    const governor = govern({ concurrency: 2 });
    await governor.attempt('GET /', async () => low('status'));
    const waiting = await startTogether(governor, 5);
    const other = vi.fn(async () => answer(200));
    governor.attempt('GET /contracts', other).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(other).toHaveBeenCalledOnce();
    expect(numberSent(waiting)).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(numberSent(waiting)).toBe(1);
  });

  test('hold up every route of a group, by the answers to any of them', async () => {
    const governor = govern();
    const full = { 'x-ratelimit-group': 'g', 'x-ratelimit-limit': '600/15m', 'x-ratelimit-remaining': '600' };
    await governor.attempt('GET /a', async () => answer(200, full));
    await governor.attempt('GET /b', async () => low('g'));
    expect(await pauseBeforeNext(governor, 'GET /a')).toBe(3_000);
  });

  test('let requests go one by one while they are low, not all together', async () => {
    const governor = govern();
    await governor.attempt('GET /', async () => low('g'));
    const started = await startTogether(governor, 4);
    const sent: number[] = [];
    for (let seconds = 0; seconds <= 9; seconds += 1) {
      sent.push(numberSent(started));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(sent).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
  });
});

describe('limits again and again', () => {
  const limited = answer(420, { 'x-esi-error-limit-reset': '7' });

  test('end the pass when nothing else comes between them', async () => {
    const governor = govern();
    await observe(governor, limited);
    expect(await pauseBeforeNext(governor, 'GET /', limited)).toBe(7_000);
    expect(await pauseBeforeNext(governor, 'GET /', limited)).toBe(7_000);
    await expect(governor.attempt('GET /', async () => answer(200))).rejects.toMatchObject({ cause: 'limited' });
  });

  test('do not end it when answers come between them', async () => {
    const governor = govern();
    for (let time = 0; time < 5; time += 1) {
      await observe(governor, limited);
      expect(await pauseBeforeNext(governor)).toBe(7_000);
    }
  });

  test('count once for all the requests that were under way', async () => {
    const governor = govern();
    const started = await startTogether(governor, 10);
    for (const sent of started) sent.answer(limited);
    await vi.advanceTimersByTimeAsync(0);
    expect(await pauseBeforeNext(governor)).toBe(7_000);
  });
});

describe('the limits that a pass leaves to the next', () => {
  test('are none when none is in force', async () => {
    const governor = govern();
    await observe(governor, answer(200));
    expect(governor.limits).toBeUndefined();
  });

  test('are the pause that still lasts', async () => {
    const first = govern();
    await observe(first, answer(420, { 'x-esi-error-limit-reset': '30' }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await pauseBeforeNext(govern({ limits: first.limits }))).toBe(20_000);
  });

  test('are the errors that are left', async () => {
    const first = govern();
    await observe(first, withErrorsLeft(20, 40));
    const second = govern({ limits: first.limits });
    expect(second.errorsRemaining).toBe(20);
    expect(await pauseBeforeNext(second)).toBe(40_000);
  });

  test.each([61_000, 86_400_000])('mean nothing when they lie %i ms ahead: the clock was set back', async (ahead) => {
    vi.useFakeTimers();
    const at = Date.now() + ahead;
    const limits = { errorWindow: { remaining: 0, endsAt: at }, pausedUntil: at };
    expect(await pauseBeforeNext(govern({ limits }))).toBe(0);
  });
});

test('answers without any of these headers restrict nothing', async () => {
  expect(await pauseAfter(answer(200))).toBe(0);
  expect(await pauseAfter(answer(404))).toBe(0);
  expect(await pauseAfter(answer(500))).toBe(0);
});
