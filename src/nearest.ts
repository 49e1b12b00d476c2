import { distance } from 'fastest-levenshtein';

/** Maximum number of suggested names. */
const count = 3;

/** The most likely candidates for a mistyped `text`, the best first; empty if none is likely. */
export function nearestNames(text: string, candidates: Iterable<string>): string[] {
  const likely = Math.max(Math.min(3, text.length - 1), text.length / 2);
  return ranked(text, candidates)
    .filter(({ rank }) => rank <= likely)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Like {@link nearestNames}; if none is likely, the nearest ones. */
export function nearestAtAll(text: string, candidates: readonly string[]): string[] {
  const likely = nearestNames(text, candidates);
  if (likely.length > 0 || text.trim() === '') return likely;
  return ranked(text, candidates)
    .slice(0, count)
    .map(({ name }) => name);
}

function ranked(text: string, candidates: Iterable<string>): { readonly name: string; readonly rank: number }[] {
  const typed = text.toLowerCase();
  return [...new Set(candidates)]
    .map((name) => ({ name, rank: rankOf(typed, name.toLowerCase()) }))
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
}

/**
 * A name that contains the typed text ranks before any misspelling, and one word of a name may be all that was typed.
 */
function rankOf(typed: string, name: string): number {
  if (typed.length >= 3 && name.includes(typed)) return name.startsWith(typed) ? 0 : 0.5;
  const words = name.split(' ').map((word) => distance(typed, word) + 0.5);
  return Math.min(distance(typed, name), ...words);
}

/** `. Did you mean "A", "B" or "C"?`, or an empty text. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return '';
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.pop();
  return `. Did you mean ${quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last}?`;
}
