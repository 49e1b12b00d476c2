/**
 * How many rows to read at once, batch after batch: one first, so that whoever waits sees it at once, then more and
 * more, since a batch costs a round trip.
 */
export function* batchSizes(largest: number): Generator<number, never> {
  for (let size = 1; ; size = Math.min(size * 8, largest)) yield size;
}
