import type { DayPrice } from '../engine/column.ts';

const blocks = '▁▂▃▄▅▆▇█';
/** Maximum of days, to leave space for other columns. */
const maxDays = 12;

/** A block character for a height from 0 to 1. */
export function blockOf(share: number): string {
  return blocks[Math.round(share * (blocks.length - 1))] ?? '';
}

/** Median prices of past days as block characters; undefined for fewer than two. */
export function sparkText(value: unknown): string | undefined {
  const medians = (value as readonly DayPrice[]).slice(-maxDays).map(({ median }) => median);
  if (medians.length < 2) return undefined;
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  return medians.map((median) => blockOf(most === least ? 0.5 : (median - least) / (most - least))).join('');
}
