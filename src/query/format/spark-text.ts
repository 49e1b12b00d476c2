import type { DayPrice } from '../engine/column.ts';

const blocks = '▁▂▃▄▅▆▇█';
/** The last of the days, at most: a table has other columns too. */
const mostDays = 12;

/** Median prices of past days as blocks of different heights; undefined where there are not two of them. */
export function sparkText(value: unknown): string | undefined {
  const medians = (value as readonly DayPrice[]).slice(-mostDays).map(({ median }) => median);
  if (medians.length < 2) return undefined;
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  const heightOf = (median: number) =>
    most === least ? 3 : Math.round(((median - least) / (most - least)) * (blocks.length - 1));
  return medians.map((median) => blocks[heightOf(median)]).join('');
}
