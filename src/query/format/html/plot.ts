import { text } from './markup.ts';

/** A label of an axis at a share of its length: 0 at the left or the bottom, 1 at the other end. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Marks are drawn in a square of this size, which the page stretches to the available space. */
export const side = 1000;

export const px = (share: number) => Number((share * side).toFixed(1));

/**
 * A plot with axes. Only the marks are stretched: labels are placed by percentage and keep their size, so that they
 * stay readable on a phone and on a wide screen without a script.
 *
 * @param marks SVG in a square of {@link side}, with the origin at the top left
 */
export function plot(options: {
  readonly className: string;
  readonly label: string;
  readonly marks: string;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}): string {
  const { className, label, marks, xTicks, yTicks } = options;
  const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;
  const grid = [
    ...yTicks.map(({ at }) => `M0 ${px(1 - at)}H${side}`),
    ...xTicks.map(({ at }) => `M${px(at)} 0V${side}`),
  ].join('');
  const yLabels = yTicks.map(
    ({ at, label }) => `<text x="100%" y="${percent(1 - at)}" dx="-6" dy="4" text-anchor="end">${text(label)}</text>`,
  );
  const anchor = (at: number) => (at < 0.08 ? 'start' : at > 0.92 ? 'end' : 'middle');
  const xLabels = xTicks.map(
    ({ at, label }) => `<text x="${percent(at)}" y="14" text-anchor="${anchor(at)}">${text(label)}</text>`,
  );
  return `<div class="plot ${className}">
<svg class="y" aria-hidden="true">${yLabels.join('')}</svg>
<svg class="marks" viewBox="0 0 ${side} ${side}" preserveAspectRatio="none" role="img" aria-label="${text(label)}"><path class="grid" d="${grid}"/>${marks}</svg>
<svg class="x" aria-hidden="true">${xLabels.join('')}</svg>
</div>
`;
}

/** A dot that stays round when the plot is stretched, with a tooltip. */
export function dot(x: number, y: number, className: string, title: string): string {
  return `<path class="${className}" d="M${px(x)} ${px(1 - y)}h0"><title>${text(title)}</title></path>`;
}
