/** Slices of rows, in their order, for statements and transactions that must stay small. */
export function* slices<Row>(rows: readonly Row[], size: number): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

/** How many rows are read at once: at first, and at most. */
export interface BatchSizes {
  readonly first: number;
  readonly largest: number;
  /** Whether the rows sum up others, so that there is no first row before all of those are read. @default false */
  readonly isSummed?: boolean;
}

/** Sizes of batch after batch: they grow, since a batch costs a round trip. */
export function* batchSizes({ first, largest }: BatchSizes): Generator<number, never> {
  for (let size = first; ; size = Math.min(size * 8, largest)) yield size;
}
