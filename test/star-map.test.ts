import { describe, expect, it } from 'vitest';
import { StarMap } from '../src/eve/star-map.ts';

/**
 * Two routes of two jumps from 1 to 4, by 2 and by 3, and one of three through high security, by 5 and 6; 7 is after 4,
 * and no gate leads to 8.
 */
const security = new Map([
  [1, 0.9],
  [2, 0.1],
  [3, 0.3],
  [4, 0.45],
  [5, 0.6],
  [6, 0.5],
  [7, 0.4499],
  [8, -1],
]);
const gates = [
  [1, 2],
  [2, 4],
  [1, 3],
  [3, 4],
  [1, 5],
  [5, 6],
  [6, 4],
  [4, 7],
] as const;
const map = new StarMap(
  security,
  gates.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]),
);

describe('the way from one system to another', () => {
  it.each([
    ['is as short as it can be, and of the short ones the safest', 1, 4, 2, 3, 0.3],
    ['is the same on the way back', 4, 1, 2, 3, 0.3],
    ['is not secure where one of its ends is not', 1, 7, 3, null, 0.3],
    ['is of no jumps within a system', 1, 1, 0, 0, 0.9],
    ['is not secure within a system that is not', 2, 2, 0, null, 0.1],
    ['is not there where no gate leads', 1, 8, null, null, null],
    ['is not there from a system that is not known', 99, 1, null, null, null],
  ])('%s', (_what, start_system_id, end_system_id, jumps, jumps_secure, lowest_security) => {
    expect(map.routes(start_system_id, [end_system_id])).toEqual([
      { start_system_id, end_system_id, jumps, jumps_secure, lowest_security },
    ]);
  });
});
