import pMap from 'p-map';
import { StopError } from '../process/stop.ts';

/**
 * Does some work for each of the items, so many at once. When one fails, nothing more is begun, and what is under way
 * ends before the failure is thrown: it may still write to a store that is about to be closed.
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
  // A pass that is to end stops many works at once; what went wrong beside it matters more.
  throw failures.find((failure) => !(failure instanceof StopError)) ?? failures[0];
}
