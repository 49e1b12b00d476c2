import stringWidth from 'string-width';

/** How wide a column would like to be, and how narrow it can be; in columns of a terminal. */
export interface Room {
  readonly wanted: number;
  /** With its name on several lines, and its cells whole. */
  readonly wrapped: number;
  /** With its cells cut as far as a reader still has something of them. */
  readonly least: number;
  /** With its cells cut to the width of its name: still better than no column where it was asked for. */
  readonly bare: number;
  /** Nobody asked for it in particular. */
  readonly isStandard: boolean;
}

/**
 * Widths of the columns, undefined for those that are left out. When all are too wide together names are wrapped, then
 * cells are cut, the widest first each time; where that is not enough the last of the standard columns are left out, and
 * in the end of those that were asked for. One always stays.
 *
 * @param gap between two columns
 */
export function fitColumns(columns: readonly Room[], available: number, gap: number): (number | undefined)[] {
  const kept = new Set(columns);
  const total = (widths: Iterable<number>) => [...widths].reduce((sum, width) => sum + gap + width, -gap);
  const dispensable = columns.toReversed().toSorted((a, b) => Number(b.isStandard) - Number(a.isStandard));
  for (const column of dispensable.slice(0, -1)) {
    const narrowest = column.isStandard ? 'least' : 'bare';
    if (total([...kept].map((room) => room[narrowest])) <= available) break;
    kept.delete(column);
  }
  const widths = new Map([...kept].map((column) => [column, column.wanted]));
  for (const floor of ['wrapped', 'least', 'bare'] as const) {
    while (total(widths.values()) > available) {
      const yielding = [...widths].filter(([column, width]) => width > column[floor]);
      if (yielding.length === 0) break;
      const [widest, width] = yielding.reduce((a, b) => (b[1] > a[1] ? b : a));
      widths.set(widest, width - 1);
    }
  }
  return columns.map((column) => widths.get(column));
}

/** Puts parts of a text on as few lines as fit into a width; a part that does not fit has a line of its own. */
export function wrap(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = `${lines.at(-1) ?? ''}${part}`;
    if (lines.length > 0 && stringWidth(line.trimEnd()) <= width) lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}

const segmenter = new Intl.Segmenter();

/** Shortens a text to a width and says so with an ellipsis; what a reader sees as one character stays whole. */
export function cut(text: string, width: number): string {
  if (text.length <= width && stringWidth(text) <= width) return text;
  // Looked at no further than it is shown: the items of a contract may fill a page.
  let shortened = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > width) return `${shortened}…`;
    if (used < width) shortened += segment;
  }
  return text;
}
