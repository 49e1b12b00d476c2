import pMap from 'p-map';
import { StopError } from '../process/stop.ts';
import type { Count } from './progress.ts';

/**
 * Runs the work for each item, with limited concurrency. After a failure no further work starts and no further item is
 * read, and the failure is thrown only when the running work has ended, because it may still write to a store that is
 * about to be closed.
 *
 * @param items an async iterable is read as its items are needed
 * @param progress the items of an array are added to its total, and each one that has ended to what is done
 */
export async function forEach<Item>(
  items: readonly Item[] | AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<void>,
  progress?: Count,
): Promise<void> {
  const failures: unknown[] = [];
  if (progress !== undefined && 'length' in items) progress.total += items.length;

  async function* untilFailure(): AsyncGenerator<Item> {
    try {
      for await (const item of items) {
        if (failures.length > 0) return;
        yield item;
      }
    } catch (error) {
      failures.push(error);
    }
  }

  await pMap(
    untilFailure(),
    async (item) => {
      await work(item).catch((error: unknown) => failures.push(error));
      if (progress !== undefined) progress.done += 1;
    },
    { concurrency },
  );
  if (failures.length === 0) return;
  // When a pass is stopped, many works fail with the same `StopError`; any other failure is the one to report.
  throw failures.find((failure) => !(failure instanceof StopError)) ?? failures[0];
}
