import { distance } from 'fastest-levenshtein';

/** The candidates that somebody who typed `text` most likely meant, the likeliest first; at most `count`. */
export function nearestNames(text: string, candidates: Iterable<string>, count = 3): string[] {
  const typed = text.toLowerCase();
  const ranked = [...new Set(candidates)].map((name) => ({ name, rank: rankOf(typed, name.toLowerCase()) }));
  const usable = ranked.filter(({ rank }) => rank <= Math.max(3, typed.length / 2));
  return usable
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** A name that holds what was typed is nearer than any misspelling. */
function rankOf(typed: string, name: string): number {
  if (typed.length >= 3 && name.includes(typed)) return name.startsWith(typed) ? 0 : 0.5;
  return distance(typed, name);
}

/** "; did you mean A, B or C?", or nothing. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return '';
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.pop();
  return `; did you mean ${quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last}?`;
}
