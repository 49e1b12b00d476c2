import { describe, expect, test, vi } from 'vitest';
import { StopError } from '../../src/process/stop.ts';
import { answer, govern, numberSent, observe, startTogether } from './governed.ts';

vi.mock('node:timers/promises', () => import('../helpers/fakeable-sleep.ts'));

describe('concurrency', () => {
  test('is how many requests are under way at once', async () => {
    const governor = govern({ concurrency: 3 });
    const started = await startTogether(governor, 7);
    expect(numberSent(started)).toBe(3);
    started[1]?.answer(answer(200));
    await vi.advanceTimersByTimeAsync(0);
    expect(numberSent(started)).toBe(4);
  });

  test('a request that fails makes room for the next', async () => {
    const governor = govern({ concurrency: 1 });
    await expect(governor.attempt('GET /', () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    expect(numberSent(await startTogether(governor, 1))).toBe(1);
  });
});

describe('the end of the pass', () => {
  const limited = answer(420, { 'x-esi-error-limit-reset': '30' });

  test('is not slept up to when a limit holds for longer', async () => {
    const governor = govern({ deadline: new Date(Date.now() + 20_000) });
    await observe(governor, limited);
    const send = vi.fn(async () => answer(200));
    await expect(governor.attempt('GET /', send)).rejects.toMatchObject({ name: 'StopError', cause: 'limited' });
    expect(send).not.toHaveBeenCalled();
  });

  test('does not matter to a limit that ends before it', async () => {
    vi.useFakeTimers();
    const governor = govern({ deadline: new Date(Date.now() + 31_000) });
    await observe(governor, limited);
    const [sent] = await startTogether(governor, 1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent?.isSent).toBe(true);
  });
});

describe('the greatest number of requests', () => {
  test('is kept one after the other', async () => {
    const governor = govern({ maxRequests: 2 });
    await observe(governor, answer(200));
    await observe(governor, answer(500));
    const send = vi.fn(async () => answer(200));
    await expect(governor.attempt('GET /', send)).rejects.toMatchObject({ name: 'StopError', cause: 'max_requests' });
    expect(send).not.toHaveBeenCalled();
    expect(governor.sent).toBe(2);
  });

  test('is kept when many start in one moment', async () => {
    const governor = govern({ maxRequests: 3, concurrency: 20 });
    const started = await startTogether(governor, 10);
    expect(numberSent(started)).toBe(3);
    expect(governor.sent).toBe(3);
  });

  test('counts requests whose connection broke', async () => {
    const governor = govern({ maxRequests: 1 });
    await expect(governor.attempt('GET /', () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    await expect(governor.attempt('GET /', async () => answer(200))).rejects.toBeInstanceOf(StopError);
  });

  test('may be none at all', async () => {
    const governor = govern({ maxRequests: 0 });
    await expect(governor.attempt('GET /', async () => answer(200))).rejects.toBeInstanceOf(StopError);
  });
});

describe('the stop signal', () => {
  const reason = new StopError('signal', 'SIGTERM');

  test('lets no further request be sent', async () => {
    const governor = govern({ signal: AbortSignal.abort(reason) });
    const send = vi.fn(async () => answer(200));
    await expect(governor.attempt('GET /', send)).rejects.toBe(reason);
    expect(send).not.toHaveBeenCalled();
  });

  test('ends a pause at once', async () => {
    const stop = new AbortController();
    const governor = govern({ signal: stop.signal });
    await observe(governor, answer(420));
    const send = vi.fn(async () => answer(200));
    const waiting = governor.attempt('GET /', send);
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(send).not.toHaveBeenCalled();
  });

  test('ends the waiting of requests that are in the queue', async () => {
    const stop = new AbortController();
    const governor = govern({ signal: stop.signal, concurrency: 1 });
    const [underWay] = await startTogether(governor, 1);
    const queued = governor.attempt('GET /', async () => answer(200));
    stop.abort(reason);
    underWay?.answer(answer(200));
    await expect(queued).rejects.toBe(reason);
  });

  test('is handed to the request itself', async () => {
    const stop = new AbortController();
    const governor = govern({ signal: stop.signal });
    const handed = vi.fn(async (_signal: AbortSignal) => answer(200));
    await governor.attempt('GET /', handed);
    expect(handed).toHaveBeenCalledWith(stop.signal);
  });
});

describe('the daily downtime', () => {
  const downtime = { from: 39_480_000, to: 40_500_000 };
  const limited = answer(420, { 'x-esi-error-limit-reset': '30' });

  test.each(['10:58:00', '11:14:59'])('lets no request be sent at %s', async (time) => {
    const governor = govern({ downtime });
    vi.setSystemTime(`2026-03-01T${time}Z`);
    const send = vi.fn(async () => answer(200));
    await expect(governor.attempt('GET /', send)).rejects.toMatchObject({
      cause: 'downtime',
      message: 'ESI is in its daily downtime until 2026-03-01T11:15:00Z; run again after it',
    });
    expect(send).not.toHaveBeenCalled();
    expect(governor.sent).toBe(0);
  });

  test.each(['10:57:59', '11:15:00'])('does not matter at %s', async (time) => {
    const governor = govern({ downtime });
    vi.setSystemTime(`2026-03-01T${time}Z`);
    await expect(governor.attempt('GET /', async () => answer(200))).resolves.toMatchObject({ status: 200 });
  });

  test('is not slept up to when a limit ends in it', async () => {
    const governor = govern({ downtime });
    vi.setSystemTime('2026-03-01T10:57:45Z');
    await observe(governor, limited);
    const refused = governor.attempt('GET /', async () => answer(200));
    await expect(refused).rejects.toMatchObject({ cause: 'downtime' });
    expect(Date.now()).toBe(Date.parse('2026-03-01T10:57:45Z'));
  });

  test('stops what waited for its turn while it began', async () => {
    const governor = govern({ downtime, concurrency: 1 });
    vi.setSystemTime('2026-03-01T10:57:59Z');
    const [underWay] = await startTogether(governor, 1);
    const queued = governor.attempt('GET /', async () => answer(200));
    vi.setSystemTime('2026-03-01T10:58:00Z');
    underWay?.answer(answer(200));
    await expect(queued).rejects.toMatchObject({ cause: 'downtime' });
  });
});
