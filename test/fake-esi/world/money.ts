import type { Random } from '../random.ts';

/** Share of prices with a fraction of an ISK. */
const fractionShare = 0.3;
/** The most that the game lets one ask. */
export const highestPrice = 999_999_999_999.99;

/** ISK around a median, half as many orders of magnitude below it as above; mostly round, never more than EVE allows. */
export function drawIsk(random: Random, median: number): number {
  const deviation = random.normal();
  const amount = Math.min(median * Math.exp(deviation * (deviation < 0 ? 1.94 : 2.35)), highestPrice);
  if (random.chance(fractionShare)) {
    return Math.round(amount * 100) / 100;
  }
  return Number(amount.toPrecision(random.integer(1, 3)));
}

/** A price: 30 million in the middle, 2.5 to 650 million for eight of ten, now and then nothing or the most possible. */
export function drawPrice(random: Random): number {
  if (random.chance(0.009)) {
    return 0;
  }
  return random.chance(0.0005) ? highestPrice : drawIsk(random, 30_000_000);
}
