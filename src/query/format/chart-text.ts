import { scaleLinear } from 'd3-scale';
import type { OutputRow } from '../engine/subject.ts';
import type { Format, FormatOptions } from './format.ts';
import { shortIsk } from './isk.ts';
import { daySeries, type PricesOfDay } from './series.ts';
import { blockOf } from './spark-text.ts';

const height = 9;
/** More charts would push the table off the screen. */
const maxCharts = 3;
const standardWidth = 80;
const day = 86_400_000;

/** A table followed by charts of prices by day. */
export function withCharts(table: Format, options: FormatOptions): Format {
  const shown: OutputRow[] = [];
  return {
    begin: table.begin,
    rows(batch) {
      shown.push(...batch);
      return table.rows(batch);
    },
    end: (hasMore) => table.end(hasMore) + chartsText(shown, options),
  };
}

function chartsText(rows: readonly OutputRow[], { width = standardWidth, color }: FormatOptions): string {
  const charts = daySeries(rows).filter(({ days }) => days.length > 1);
  const texts = charts.slice(0, maxCharts).map(({ name, days }) => `\n${chartText(name, days, width, color)}`);
  const more = charts.length - texts.length;
  return texts.join('') + (more > 0 ? `\n${more} more charts not shown; --format html shows up to twelve\n` : '');
}

/**
 * One column per day, the latest days that fit: the median as a dot, the quartiles as a line, and the number of
 * contracts as a block below.
 */
function chartText(name: string, all: readonly PricesOfDay[], width: number, color: boolean): string {
  const last = Date.parse(all.at(-1)?.day ?? '');
  const placeOf = ({ day: date }: PricesOfDay) => Math.round((last - Date.parse(date)) / day);
  const labelWidth = 9;
  const columns = Math.max(10, width - labelWidth - 2);
  const days = all.filter((prices) => placeOf(prices) < columns);
  const span = Math.max(...days.map(placeOf)) + 1;
  // A few days are drawn further apart.
  const step = Math.max(1, Math.min(3, Math.floor(columns / span)));
  const up = scaleLinear([0, Math.max(...days.map(({ upper }) => upper)) || 1], [0, height - 1]).nice(4);
  const lines = Array.from({ length: height }, () => Array.from({ length: (span - 1) * step + 1 }, () => ' '));
  const lineAt = (value: number) => lines[height - 1 - Math.round(up(value))];
  for (const prices of days) {
    const column = (span - 1 - placeOf(prices)) * step;
    for (let row = Math.round(up(prices.lower)); row <= Math.round(up(prices.upper)); row += 1) {
      const line = lines[height - 1 - row];
      if (line !== undefined) line[column] = '│';
    }
    const line = lineAt(prices.median);
    if (line !== undefined) line[column] = '●';
  }
  const labels = new Map(up.ticks(4).map((value) => [Math.round(up(value)), shortIsk(value)]));
  const most = Math.max(...days.map(({ contracts }) => contracts));
  const counts = Array.from({ length: (span - 1) * step + 1 }, () => ' ');
  for (const prices of days) counts[(span - 1 - placeOf(prices)) * step] = blockOf(prices.contracts / most);
  const [dim, plain] = color ? ['\u001B[2m', '\u001B[22m'] : ['', ''];
  const side = (label: string, mark: string) => `${dim}${label.padStart(labelWidth)} ${mark}${plain}`;
  const first = days[0]?.day ?? '';
  const end = days.at(-1)?.day ?? '';
  const gap = (span - 1) * step + 1 - first.length - end.length;
  return [
    `${name}: median ● and quartiles │, in ISK; contracts of a day, ${most} at most`,
    ...lines.map((line, index) => {
      const label = labels.get(height - 1 - index);
      return `${side(label ?? '', label === undefined ? '│' : '┤')}${line.join('')}`.trimEnd();
    }),
    `${side('contracts', '│')}${counts.join('')}`.trimEnd(),
    `${side('', ' ')}${gap > 0 ? `${first}${' '.repeat(gap)}${end}` : `${first} to ${end}`}`,
    '',
  ].join('\n');
}
