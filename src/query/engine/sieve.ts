import type { Reader } from '../../store/reader.ts';
import { contractIdsOf, type KeyedRow } from './keys.ts';
import type { Given, Subject } from './subject.ts';

/** Takes out of batches of rows those that have any of the values they are to be without. */
export interface Sieve {
  sift<Row extends KeyedRow>(batch: readonly Row[]): Promise<Row[]>;
}

/** The sieve of a question; undefined where SQL alone says which rows fit. */
export async function sieveOf(subject: Subject, filters: Given, reader: Reader): Promise<Sieve | undefined> {
  const unwanted = (subject.derived ?? []).filter(({ without }) => filters[without.slice(2)] !== undefined);
  if (unwanted.length === 0) return undefined;
  const loaders = await Promise.all(unwanted.map(({ open }) => open(reader)));
  return {
    async sift(batch) {
      let kept = [...batch];
      for (const load of loaders) {
        const values = await load(contractIdsOf(kept));
        kept = kept.filter(({ contract_key = 0 }) => (values.get(contract_key) ?? []).length === 0);
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
