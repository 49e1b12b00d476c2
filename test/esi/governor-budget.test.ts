import { describe, expect, test, vi } from 'vitest';
import type { Governor, LimitedAnswer } from '../../src/esi/governor.ts';
import { answer, govern, numberSent, observe, pauseBeforeNext, startTogether, withErrorsLeft } from './governed.ts';

vi.mock('node:timers/promises', () => import('../helpers/fakeable-sleep.ts'));

describe('the reserve', () => {
  test('is not spent: the next request waits for the end of the window', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(20, 12));
    expect(await pauseBeforeNext(governor)).toBe(12_000);
  });

  test('does not hold up a request while one error more than it is left', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(21, 12));
    expect(await pauseBeforeNext(governor)).toBe(0);
  });

  test('is left whatever comes, when every request fails', async () => {
    const governor = govern({ reserve: 20, concurrency: 20 });
    const esi = failingServer(governor);
    const attempts = Array.from({ length: 250 }, () => esi.request());
    await vi.runAllTimersAsync();
    await Promise.all(attempts);
    expect(esi.errorsByWindow.reduce((sum, errors) => sum + errors, 0)).toBe(250);
    expect(Math.max(...esi.errorsByWindow)).toBeLessThanOrEqual(80);
  });
});

describe('requests under way', () => {
  test('count as spent', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(22));
    const first = await startTogether(governor, 1);
    const second = await startTogether(governor, 1);
    const third = await startTogether(governor, 1);
    expect([first, second, third].map(numberSent)).toEqual([1, 1, 0]);
  });

  test('count as spent when they start in one moment', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(22));
    const started = await startTogether(governor, 5);
    expect(numberSent(started)).toBe(2);
  });

  test('make room as soon as one of them did not fail', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(21));
    const [first] = await startTogether(governor, 1);
    const second = await startTogether(governor, 1);
    first?.answer(withErrorsLeft(21));
    await vi.advanceTimersByTimeAsync(100);
    expect(numberSent(second)).toBe(1);
  });

  test('make room when their connection breaks', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(21));
    await expect(governor.attempt('GET /', () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    expect(await pauseBeforeNext(governor)).toBe(0);
  });
});

describe('the window', () => {
  test('ends: then errors may be made again', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(3, 5));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(governor.errorsRemaining).toBeUndefined();
    expect(await pauseBeforeNext(governor)).toBe(0);
  });

  test('has the lowest reported count, whatever the order of the answers', async () => {
    const governor = govern();
    const started = await startTogether(governor, 2);
    started[0]?.answer(withErrorsLeft(50, 40));
    started[1]?.answer(withErrorsLeft(90, 41));
    await vi.advanceTimersByTimeAsync(0);
    expect(governor.errorsRemaining).toBe(50);
  });

  test('is followed by one with a separate count', async () => {
    const governor = govern({ reserve: 20 });
    await observe(governor, withErrorsLeft(30, 5));
    await vi.advanceTimersByTimeAsync(5_500);
    await observe(governor, withErrorsLeft(99, 60));
    expect(governor.errorsRemaining).toBe(99);
  });

  test.each([
    ['', '60'],
    ['some', '60'],
    ['5', ''],
    ['5', 'soon'],
    ['5', '-1'],
    ['5', 'Infinity'],
  ])('is not known where the headers say "%s" and "%s"', async (remaining, reset) => {
    const governor = govern();
    await observe(governor, withErrorsLeft(remaining, reset));
    expect(governor.errorsRemaining).toBeUndefined();
    expect(await pauseBeforeNext(governor)).toBe(0);
  });

  test('never holds up the pass for more than a minute', async () => {
    const governor = govern();
    await observe(governor, withErrorsLeft(0, 86_400));
    expect(await pauseBeforeNext(governor)).toBe(60_000);
  });
});

/** An ESI that answers every request with an error after 50 milliseconds, and counts 100 of them in 60 seconds. */
function failingServer(governor: Governor) {
  const start = Date.now();
  const errorsByWindow: number[] = [];
  async function send(): Promise<LimitedAnswer> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const elapsed = Date.now() - start;
    const window = Math.floor(elapsed / 60_000);
    const errors = (errorsByWindow[window] ?? 0) + 1;
    errorsByWindow[window] = errors;
    return answer(500, {
      'x-esi-error-limit-remain': String(100 - errors),
      'x-esi-error-limit-reset': String(Math.ceil(((window + 1) * 60_000 - elapsed) / 1_000)),
    });
  }
  return { errorsByWindow, request: () => governor.attempt('GET /', send) };
}
