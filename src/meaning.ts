/** The meaning of a typed name. */
export type Meaning<Row> =
  /** A full name, which several things may share. */
  | { readonly kind: 'name'; readonly rows: readonly Row[] }
  /** Whole words of exactly one name. */
  | { readonly kind: 'part'; readonly rows: readonly Row[]; readonly name: string }
  | { readonly kind: 'several'; readonly names: readonly string[] }
  | { readonly kind: 'nothing' };

/**
 * The case-insensitive meaning of a text: a full name, otherwise whole words of exactly one name.
 *
 * @param otherNames alternative names of a row, tried in order if no row has the text as its full name
 */
export function meaningOf<Row extends { readonly name: string }>(
  text: string,
  rows: readonly Row[],
  otherNames: readonly ((row: Row, index: number) => string | undefined)[] = [],
): Meaning<Row> {
  const folded = text.trim().toLowerCase();
  if (folded === '') return { kind: 'nothing' };
  const names: typeof otherNames = [({ name }) => name, ...otherNames];
  for (const nameOf of names) {
    const exact = rows.filter((row, index) => nameOf(row, index)?.toLowerCase() === folded);
    if (exact.length > 0) return distinct(exact).length === 1 ? { kind: 'name', rows: exact } : several(exact);
  }
  const fitting = rows.filter(({ name }) => hasWholeWords(name.toLowerCase(), folded));
  const [only, ...others] = distinct(fitting);
  if (only === undefined) return { kind: 'nothing' };
  return others.length === 0 ? { kind: 'part', rows: fitting, name: only } : several(fitting);
}

function several(rows: readonly { readonly name: string }[]) {
  return { kind: 'several', names: distinct(rows) } as const;
}

function distinct(rows: readonly { readonly name: string }[]): string[] {
  return [...new Map(rows.map(({ name }) => [name.toLowerCase(), name])).values()].toSorted();
}

/** Whether the name contains the text with no letter or digit next to it; both in lower case. */
function hasWholeWords(name: string, text: string): boolean {
  const isInWord = (place: number) => /[\p{L}\p{N}]/u.test(name[place] ?? '');
  for (let start = name.indexOf(text); start >= 0; start = name.indexOf(text, start + 1)) {
    if (!isInWord(start - 1) && !isInWord(start + text.length)) return true;
  }
  return false;
}
