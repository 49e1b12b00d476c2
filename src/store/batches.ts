/** Slices of rows, in order, for statements and transactions that must stay small. */
export function* slices<Row>(rows: readonly Row[], size: number): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

/** First and maximum number of rows per read. */
export interface BatchSizes {
  readonly first: number;
  readonly largest: number;
  /** Whether the rows are aggregates, so that the first row requires reading all input. @default false */
  readonly isSummed?: boolean;
}

/** Growing sizes of successive batches, because each costs a round trip. */
export function* batchSizes({ first, largest }: BatchSizes): Generator<number, never> {
  for (let size = first; ; size = Math.min(size * 8, largest)) yield size;
}
