import { scaleLinear, scaleUtc } from 'd3-scale';
import type { OutputRow } from '../../engine/subject.ts';
import { exactIsk, shortIsk } from '../isk.ts';
import { daySeries, type PricesOfDay } from '../series.ts';
import { dayText, text } from './markup.ts';
import { dot, plot, px, side, type Tick } from './plot.ts';

/** Maximum of charts on a page; the table has all days. */
const maxCharts = 12;

/** Prices by day, one chart per series: median with quartiles, and the number of contracts. */
export function daysCharts(rows: readonly OutputRow[]): string {
  return daySeries(rows)
    .filter(({ days }) => days.length > 1)
    .slice(0, maxCharts)
    .map(({ name, days }) => chart(name, days))
    .join('');
}

function chart(name: string, days: readonly PricesOfDay[]): string {
  const first = days[0]?.day ?? '';
  const last = days.at(-1)?.day ?? '';
  const across = scaleUtc([new Date(first), new Date(last)], [0, 1]);
  const x = ({ day }: PricesOfDay) => across(new Date(day));
  const highest = Math.max(...days.map(({ upper, median }) => Math.max(upper, median)));
  const up = scaleLinear([0, highest || 1], [0, 1]).nice(4);
  const counts = scaleLinear([0, Math.max(...days.map(({ contracts }) => contracts))], [0, 1]).nice(2);
  const point = (day: PricesOfDay, value: number) => `${px(x(day))},${px(1 - up(value))}`;
  const band = [...days.map((day) => point(day, day.upper)), ...days.toReversed().map((day) => point(day, day.lower))];
  const line = days.map((day) => point(day, day.median));
  const dots = days.map((day) =>
    dot(x(day), up(day.median), 'dot', `${dayText(day.day)}: ${exactIsk(day.median)} ISK, ${day.contracts} contracts`),
  );
  const span = (Date.parse(last) - Date.parse(first)) / 86_400_000;
  const width = px(0.7 / (span + 1));
  const bars = days.map((day) => {
    const height = px(counts(day.contracts));
    // Keeps the first and last bar within the chart.
    const left = Math.min(Math.max(px(x(day)) - width / 2, 0), side - width);
    const title = `<title>${text(`${dayText(day.day)}: ${day.contracts} contracts`)}</title>`;
    return `<rect class="bar" x="${left.toFixed(1)}" y="${(side - height).toFixed(1)}" width="${width}" height="${height}">${title}</rect>`;
  });
  // On whole days, and no more than fit on a phone.
  const xTicks: Tick[] = [...new Set(across.ticks(4).map((date) => date.toISOString().slice(0, 10)))]
    .map((day) => ({
      at: across(new Date(day)),
      label: dayText(day).replace(/ \d+$/, ''),
    }))
    .filter(({ at }) => at >= 0 && at <= 1);
  const prices = plot({
    className: 'prices',
    label: `median price of ${name} by day, with quartiles`,
    marks: `<polygon class="band" points="${band.join(' ')}"/><polyline class="line" points="${line.join(' ')}"/>${dots.join('')}`,
    xTicks: xTicks.map((tick) => ({ ...tick, label: '' })),
    yTicks: up.ticks(4).map((value) => ({ at: up(value), label: shortIsk(value) })),
  });
  const contracts = plot({
    className: 'counts',
    label: `contracts of ${name} by day`,
    marks: bars.join(''),
    xTicks,
    yTicks: counts
      .ticks(2)
      .filter((value) => Number.isInteger(value))
      .map((value) => ({ at: counts(value), label: String(value) })),
  });
  return `<figure><figcaption><b><bdi>${text(name)}</bdi></b>: median price in ISK with quartiles, and contracts below, ${dayText(first)} to ${dayText(last)}</figcaption>${prices}${contracts}</figure>\n`;
}
