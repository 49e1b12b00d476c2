import type { Clock } from './types.ts';

/** Starts a clock that runs with real time, from `start` if it is given. */
export function createClock(start?: Date): Clock {
  let offset = start === undefined ? 0 : start.getTime() - Date.now();
  return {
    now: () => new Date(Date.now() + offset),
    set(date) {
      offset = date.getTime() - Date.now();
    },
    advance(milliseconds) {
      offset += milliseconds;
    },
  };
}

/** An instant as ESI writes it: UTC, whole seconds, `Z`. */
export function toTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The instant without its fraction of a second; HTTP dates cannot say more. */
export function toWholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
