import { onTestFinished, vi } from 'vitest';
import { Governor, type GovernorOptions, type LimitedAnswer } from '../../src/esi/governor.ts';

/** A governor on a fake clock. */
export function govern(options: Partial<GovernorOptions> = {}): Governor {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return new Governor({ concurrency: 20, signal: new AbortController().signal, ...options });
}

export function answer(status: number, headers: LimitedAnswer['headers'] = {}, body: unknown = null): LimitedAnswer {
  return { status, headers, body };
}

/** An answer with headers of the error budget. */
export function withErrorsLeft(remaining: number | string, resetSeconds: number | string = 60): LimitedAnswer {
  return answer(200, {
    'x-esi-error-limit-remain': String(remaining),
    'x-esi-error-limit-reset': String(resetSeconds),
  });
}

/** Makes the governor process an answer. */
export async function observe(governor: Governor, observed: LimitedAnswer): Promise<void> {
  await governor.attempt('GET /', async () => observed);
}

/** A request in flight, from sending until its answer. */
export interface Sent {
  isSent: boolean;
  answer: (answer: LimitedAnswer) => void;
}

/** Starts requests at the same time, and waits for those that may be sent. */
export async function startTogether(governor: Governor, requests: number): Promise<Sent[]> {
  const started = Array.from({ length: requests }, (): Sent => ({ isSent: false, answer: () => undefined }));
  for (const sent of started) {
    const send = () =>
      new Promise<LimitedAnswer>((resolve) => {
        Object.assign(sent, { isSent: true, answer: resolve });
      });
    governor.attempt('GET /', send).catch(() => undefined);
  }
  await vi.advanceTimersByTimeAsync(0);
  return started;
}

export const numberSent = (started: readonly Sent[]) => started.filter(({ isSent }) => isSent).length;

/** How long, by the fake clock, the next request has to wait. */
export async function pauseBeforeNext(
  governor: Governor,
  route = 'GET /',
  answered: LimitedAnswer = answer(200),
): Promise<number> {
  const startedAt = Date.now();
  let sentAt = Number.NaN;
  const attempt = governor.attempt(route, async () => {
    sentAt = Date.now();
    return answered;
  });
  await vi.runAllTimersAsync();
  await attempt;
  return sentAt - startedAt;
}
