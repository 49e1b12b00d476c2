import type { Random } from '../random.ts';

/** Hands out ids that rise as the game's do, with the gaps that other players' business leaves. */
export interface Ids {
  contract(): number;
  record(): number;
  item(): number;
  bid(): number;
}

/** Ids start where the game's were in autumn 2026; all but those of contracts need more than 32 bits. */
export function createIds(random: Random): Ids {
  const rising = (start: number, largestGap: number) => {
    let last = start;
    return () => {
      last += random.integer(1, largestGap);
      return last;
    };
  };
  return {
    contract: rising(234_100_000, 40),
    record: rising(5_260_000_000, 3),
    item: rising(1_050_000_000_000, 20_000),
    bid: rising(15_000_000_000, 9),
  };
}
