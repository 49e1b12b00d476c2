import { vi } from 'vitest';
import { advance } from './time.ts';

/** The pauses made so far, in milliseconds. A test that asks for them empties them first. */
export const pauses: number[] = [];

/**
 * Stands in for the one of `node:timers/promises`, in the files that `vitest.config.ts` names: a pause is over at once,
 * and a clock that was stopped has moved by it.
 */
export async function setTimeout<Value>(
  milliseconds = 0,
  value?: Value,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Value | undefined> {
  signal?.throwIfAborted();
  pauses.push(milliseconds);
  if (vi.getMockedSystemTime() !== null) advance(milliseconds);
  // Whoever waits for an answer in small steps must let it come.
  await nextTurn();
  signal?.throwIfAborted();
  return value;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => globalThis.setImmediate(resolve));
}

/** The one of `node:timers/promises` as it is. */
export { nextTurn as setImmediate };
