import pMap from 'p-map';
import { StopError } from '../process/stop.ts';

/**
 * Runs the work for each item, with limited concurrency. After a failure no further work starts, and the failure is
 * thrown only when the running work has ended, because it may still write to a store that is about to be closed.
 */
export async function forEach<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  await pMap(
    items,
    async (item) => {
      if (failures.length === 0) await work(item).catch((error: unknown) => failures.push(error));
    },
    { concurrency },
  );
  if (failures.length === 0) return;
  // When a pass is stopped, many works fail with the same `StopError`; any other failure is the one to report.
  throw failures.find((failure) => !(failure instanceof StopError)) ?? failures[0];
}
