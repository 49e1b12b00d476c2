import { onTestFinished, vi } from 'vitest';

/**
 * Stops the clock of the whole process, the stand-in ESI's included, on a whole second. Until the test has finished it
 * moves only by {@link advance}.
 */
export function stopTime(): void {
  vi.setSystemTime(Math.ceil(Date.now() / 1_000) * 1_000);
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Moves the stopped clock. */
export function advance(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

/** The waiting times before retries are drawn at random from zero upwards: until the test has finished, zero. */
export function retryAtOnce(): void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => {
    random.mockRestore();
  });
}
