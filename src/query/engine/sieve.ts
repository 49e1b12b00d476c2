import type { Given } from './filter.ts';
import { contractIdsOf, type KeyedRow } from './keys.ts';
import type { DerivedLoader, Subject } from './subject.ts';

/** Takes out of batches of rows those that have any of the values they are to be without. */
export interface Sieve {
  sift<Row extends KeyedRow>(batch: readonly Row[]): Promise<Row[]>;
}

/** The sieve of a question; undefined where SQL alone says which rows fit. */
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

/** The rows that pass the sieve, from an offset on and up to a limit; as few batches are read as that takes. */
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
