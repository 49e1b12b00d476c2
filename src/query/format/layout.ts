import stringWidth from 'string-width';

/** How wide a column would like to be, and how narrow it can be; in columns of a terminal. */
export interface Room {
  readonly wanted: number;
  readonly least: number;
}

/**
 * Widths of the columns that fit, from the left: when they are too wide together the widest give way first, and when
 * that is not enough the last columns are left out. One always stays.
 *
 * @param gap between two columns
 */
export function fitColumns(columns: readonly Room[], available: number, gap: number): number[] {
  const kept = columns.slice();
  const gaps = () => Math.max(0, kept.length - 1) * gap;
  const total = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width, gaps());
  while (kept.length > 1 && total(kept.map(({ least }) => least)) > available) kept.pop();
  const widths = kept.map(({ wanted }) => wanted);
  while (total(widths) > available) {
    const yielding = widths.map((width, index) => (width > (kept[index]?.least ?? 0) ? width : 0));
    const widest = Math.max(...yielding);
    if (widest === 0) break;
    widths[yielding.indexOf(widest)] = widest - 1;
  }
  return widths;
}

const segmenter = new Intl.Segmenter();

/** Shortens a text to a width and says so with an ellipsis; what a reader sees as one character stays whole. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let shortened = '';
  let used = 1;
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    shortened += segment;
  }
  return `${shortened}…`;
}
