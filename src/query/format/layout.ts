import stringWidth from 'string-width';

/** Preferred and minimum widths of a column, in terminal columns. */
export interface Room {
  readonly wanted: number;
  /** With its name on several lines, and full cells. */
  readonly wrapped: number;
  /** With its cells shortened as far as they stay useful. */
  readonly least: number;
  /** With its cells shortened to the width of its name; better than no column if it was requested. */
  readonly bare: number;
  /** Whether the column is shown by default. */
  readonly isStandard: boolean;
}

/**
 * Widths of the columns, undefined for those that are left out. When the total is too wide, names are wrapped first,
 * then cells are shortened, always the widest; if that is not enough, default columns are removed from the end, and
 * finally requested ones. One column always remains.
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

/** Fills lines with parts of a text up to a width; a part that does not fit gets a separate line. */
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

/** Shortens a text to a width with an ellipsis; grapheme clusters stay whole. */
export function cut(text: string, width: number): string {
  if (text.length <= width && stringWidth(text) <= width) return text;
  // Stops at the visible width: the items of a contract may fill a page.
  let shortened = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > width) return `${shortened}…`;
    if (used < width) shortened += segment;
  }
  return text;
}
