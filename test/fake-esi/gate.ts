import type { FaultMatch, Gate, RequestRecord } from './types.ts';

interface Lock {
  readonly match: FaultMatch;
  free: number;
  readonly waiting: (() => void)[];
  readonly onWaiting: (() => void)[];
}

/** Starts without gates; also returns the function that waits until every gate has let a request through. */
export function createGates(matches: (record: RequestRecord, match: FaultMatch) => boolean): {
  hold(match: FaultMatch): Gate;
  passed(record: RequestRecord): Promise<void>;
} {
  const locks: Lock[] = [];
  return {
    hold(match) {
      const lock: Lock = { match, free: 0, waiting: [], onWaiting: [] };
      locks.push(lock);
      return {
        answer(count) {
          const next = lock.waiting.splice(0, count);
          lock.free += count - next.length;
          for (const go of next) go();
          return new Promise((resolve) => {
            if (lock.waiting.length > 0) resolve();
            else lock.onWaiting.push(resolve);
          });
        },
        open() {
          lock.free = Number.POSITIVE_INFINITY;
          for (const go of lock.waiting.splice(0)) go();
        },
      };
    },
    async passed(record) {
      for (const lock of locks.filter(({ match }) => matches(record, match))) {
        if (lock.free > 0) {
          lock.free -= 1;
          continue;
        }
        await new Promise<void>((resolve) => {
          lock.waiting.push(resolve);
          for (const tell of lock.onWaiting.splice(0)) tell();
        });
      }
    },
  };
}
