import type { DayPrice } from '../../engine/column.ts';
import { exactIsk, shortIsk } from '../isk.ts';
import { dayText, text } from './markup.ts';

const [width, height] = [100, 24];

/** Median prices of past days as a small line, with the first and the last as text. Empty without prices. */
export function sparkline(value: unknown): string {
  const days = value as readonly DayPrice[];
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  const medians = days.map(({ median }) => median);
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  const begin = Date.parse(first.day);
  const span = Date.parse(last.day) - begin || 1;
  const points = days.map(({ day, median }) => {
    const x = 2 + ((Date.parse(day) - begin) / span) * (width - 4);
    const y = most === least ? height / 2 : 2 + ((most - median) / (most - least)) * (height - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const of = ({ day, median }: DayPrice) => `${dayText(day)}: ${exactIsk(median)} ISK`;
  const title = first === last ? of(first) : `${of(first)}; ${of(last)}`;
  const line = points.length === 1 ? `${points[0]} ${points[0]}` : points.join(' ');
  return `<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label="median from ${shortIsk(first.median)} to ${shortIsk(last.median)}"><title>${text(title)}</title><polyline points="${line}"/></svg>`;
}
