import type { Given } from './filter.ts';
import { contractIdsOf, type KeyedRow } from './keys.ts';
import type { DerivedLoader, Subject } from './subject.ts';

/** Removes rows with excluded list values from batches. */
export interface Sieve {
  sift<Row extends KeyedRow>(batch: readonly Row[]): Promise<Row[]>;
}

/** The sieve of a question; undefined if SQL alone selects the rows. */
export function sieveOf(
  { derived = [] }: Pick<Subject, 'derived'>,
  given: Given,
  lists: ReadonlyMap<string, DerivedLoader>,
): Sieve | undefined {
  const unwanted = derived.filter(({ without }) => given[without.name] !== undefined);
  if (unwanted.length === 0) return undefined;
  return {
    async sift(batch) {
      let kept = [...batch];
      for (const { name } of unwanted) {
        const values = await lists.get(name)?.(contractIdsOf(kept));
        kept = kept.filter(({ contract_key = 0 }) => (values?.get(contract_key) ?? []).length === 0);
      }
      return kept;
    },
  };
}

/** The rows that pass the sieve, with offset and limit; reads only as many batches as necessary. */
export async function* siftedPage<Row extends KeyedRow>(
  batches: AsyncIterable<Row[]>,
  sieve: Sieve,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): AsyncIterable<Row[]> {
  let toSkip = offset;
  let toTake = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  for await (const batch of batches) {
    const sifted = await sieve.sift(batch);
    const page = sifted.slice(toSkip, toSkip + toTake);
    toSkip -= Math.min(toSkip, sifted.length);
    toTake -= page.length;
    if (page.length > 0) yield page;
    if (toTake === 0) return;
  }
}
