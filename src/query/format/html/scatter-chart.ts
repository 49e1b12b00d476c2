import { scaleLog } from 'd3-scale';
import type { OutputRow, Scatter } from '../../engine/subject.ts';
import { shortIsk } from '../isk.ts';
import { shortNumber } from './markup.ts';
import { dot, plot, type Tick } from './plot.ts';

/** More dots are slow to draw and hard to distinguish; the table has all rows. */
const maxDots = 5_000;

/**
 * Both axes are logarithmic, because rewards and volumes vary by orders of magnitude. Values of zero and below are
 * omitted.
 */
export function scatterChart({ x, y, unit, label }: Scatter, rows: readonly OutputRow[]): string {
  const drawable = rows.filter((row) => Number(row[x]) > 0 && Number(row[y]) > 0).slice(0, maxDots);
  if (drawable.length < 2) return '';
  const scaleOf = (field: string) => {
    let [least, most] = [Number.POSITIVE_INFINITY, 0];
    for (const row of drawable) {
      least = Math.min(least, Number(row[field]));
      most = Math.max(most, Number(row[field]));
    }
    return scaleLog([least, most], [0, 1]).nice();
  };
  const [across, up] = [scaleOf(x), scaleOf(y)];
  const ticksOf = (scale: typeof across, write: (value: number) => string): Tick[] => {
    const powers = scale.ticks(10).filter((value) => Number.isInteger(Number(Math.log10(value).toFixed(9))));
    const step = Math.ceil(powers.length / 5);
    return powers.filter((_, index) => index % step === 0).map((value) => ({ at: scale(value), label: write(value) }));
  };
  const dots = drawable.map((row) => {
    const [value, amount] = [Number(row[x]), Number(row[y])];
    const title = `${label} ${row[label] ?? ''}: ${shortIsk(amount)} ISK, ${shortNumber(value)} ${unit}`;
    return dot(across(value), up(amount), 'dot', title);
  });
  const caption = `${y} in ISK against ${x} in ${unit}, ${drawable.length} contracts, both axes logarithmic`;
  const marks = plot({
    className: 'scatter',
    label: caption,
    marks: dots.join(''),
    xTicks: ticksOf(across, (value) => `${shortIsk(value)} ${unit}`),
    yTicks: ticksOf(up, shortIsk),
  });
  return `<figure><figcaption>${caption}</figcaption>${marks}</figure>\n`;
}
