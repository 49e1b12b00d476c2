import { expect, test } from 'vitest';
import { forEach } from '../../src/aggregate/each.ts';
import { StopError } from '../../src/process/stop.ts';

/** Work that ends on the test's command. */
function openWork() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (item: number) =>
    new Promise<void>((resolve, reject) => {
      begun.push(item);
      ends[item] = () => (item % 2 === 0 ? resolve() : reject(new StopError('signal', `item ${item}`)));
    });
  const ticks = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, ends, work, ticks };
}

test('after a failure nothing more is begun, and what is under way ends before it is thrown', async () => {
  const { begun, ends, work, ticks } = openWork();
  let outcome: unknown = 'under way';
  const all = forEach([0, 1, 2, 3], 3, work).catch((error: unknown) => {
    outcome = error;
  });
  await ticks();
  expect(begun).toEqual([0, 1, 2]);
  ends[1]?.();
  ends[0]?.();
  await ticks();
  expect(begun).toEqual([0, 1, 2]);
  expect(outcome).toBe('under way');
  ends[2]?.();
  await all;
  expect(outcome).toMatchObject({ name: 'StopError', message: 'item 1' });
});

test('what went wrong matters more than that the pass is to end', async () => {
  const failures = [new StopError('signal', 'SIGTERM'), new TypeError('broken')];
  const all = forEach(failures, 2, async (failure) => {
    // Both are under way by then.
    await new Promise((resolve) => setImmediate(resolve));
    throw failure;
  });
  await expect(all).rejects.toBe(failures[1]);
});

test('every item is worked on when none fails', async () => {
  const seen: number[] = [];
  await forEach([1, 2, 3], 2, async (item) => {
    seen.push(item);
  });
  expect(seen).toEqual([1, 2, 3]);
});

/** Items that note how far they were read, and fail at the end. */
function openItems(count: number) {
  const read: number[] = [];
  async function* items() {
    for (let item = 0; item < count; item += 2) {
      read.push(item);
      yield item;
    }
    throw new TypeError('cannot read more');
  }
  return { read, items };
}

test('items are read only as work begins', async () => {
  const { begun, ends, work, ticks } = openWork();
  const { read, items } = openItems(100);
  void forEach(items(), 2, work).catch(() => {});
  await ticks();
  expect(read).toEqual([0, 2]);
  ends[0]?.();
  await ticks();
  expect(begun).toEqual([0, 2, 4]);
  expect(read).toEqual([0, 2, 4]);
});

test('when items cannot be read, the work under way ends before the failure is thrown', async () => {
  const { ends, work, ticks } = openWork();
  let outcome: unknown = 'under way';
  const all = forEach(openItems(2).items(), 3, work).catch((error: unknown) => {
    outcome = error;
  });
  await ticks();
  expect(outcome).toBe('under way');
  ends[0]?.();
  await all;
  expect(outcome).toMatchObject({ name: 'TypeError', message: 'cannot read more' });
});
