import type { DayPrice } from '../engine/column.ts';

const blocks = '▁▂▃▄▅▆▇█';
/** The last of the days, at most: a table has other columns too. */
const mostDays = 12;

/** A block whose height is a share of the highest: from 0 to 1. */
export function blockOf(share: number): string {
  return blocks[Math.round(share * (blocks.length - 1))] ?? '';
}

/** Median prices of past days as blocks of different heights; undefined where there are not two of them. */
export function sparkText(value: unknown): string | undefined {
  const medians = (value as readonly DayPrice[]).slice(-mostDays).map(({ median }) => median);
  if (medians.length < 2) return undefined;
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  return medians.map((median) => blockOf(most === least ? 0.5 : (median - least) / (most - least))).join('');
}
