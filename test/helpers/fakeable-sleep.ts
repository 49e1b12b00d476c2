/**
 * Stands in for the one of `node:timers/promises`, by `vi.mock`: it uses the global timer, which `vi.useFakeTimers` can
 * replace.
 */
export function setTimeout<Value>(
  milliseconds: number,
  value?: Value,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = globalThis.setTimeout(() => resolve(value), milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
