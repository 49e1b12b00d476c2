import { sellersWords, wordsOf } from './title-words.ts';

const number = String.raw`(\d{1,3}(?:[,.']\d{3})+|\d+)`;
/** `10x ` before a name, or a number with which the title begins; after a sign or another word it may mean anything. */
const countBefore = new RegExp(
  String.raw`(?:(?:^|[\s([{|>*#~=])${number} ?(?:x|×|\*|pcs|pieces of|units of)|^[^\p{L}\p{N}+-]*${number}) ?$`,
  'u',
);
/** `x10 ` before a name, which is said of what stands before it, if anything does. */
const signedCountBefore = new RegExp(String.raw`(?:x|×|\*) ?${number} ?$`, 'u');
const separator = /[([{|>,;:/&+~#=*!] ?$/u;
/** `x10` after a name, where no word follows: `Rifter x2 gyros` speaks of the gyros. */
const countAfter = new RegExp(String.raw`^ ?(?:x|×|\*) ?${number}(?= ?(?:$|[^\p{L}\p{N}\s.,']))`, 'u');

/** What bears the name of a thing and is another, whether or not its own name is known. */
const namesake = /^ (?:blueprint|bpc|bpo|skin)s?(?![\p{L}\p{N}])/u;
/** No name is longer, so that little of a title is looked at. */
const longestName = 100;

/**
 * How many units of a type a title promises; 0 where it says nothing of them.
 *
 * @param title as it reads, in lower case, and so is the name
 * @param isName whether a type has this name: of names that overlap, the longest is meant
 */
export function promisedUnits(title: string, name: string, isName: (text: string) => boolean): number {
  let promised = 0;
  for (let start = title.indexOf(name); start >= 0; start = title.indexOf(name, start + 1)) {
    const [plural] = /^s?(?![\p{L}\p{N}])/u.exec(title.slice(start + name.length)) ?? [];
    if (plural === undefined) continue;
    const end = start + name.length + plural.length;
    const before = title.slice(0, start);
    const after = title.slice(end);
    if (namesake.test(after)) continue;
    const [, counted, bare] = countBefore.exec(before) ?? [];
    const [, following] = isInWord(title, start - 1) ? [] : (countAfter.exec(after) ?? []);
    const counts = [counted, bare, signedCount(before), following].map((digits) =>
      Number(digits?.replaceAll(/\D/g, '') ?? 0),
    );
    const most = Math.max(...counts);
    if (most > promised && !isPartOfName(title, start, start + name.length, isName)) promised = most;
  }
  return promised;
}

function signedCount(before: string): string | undefined {
  const match = signedCountBefore.exec(before);
  if (match === null) return undefined;
  const first = before.slice(0, match.index);
  const isOfWhatFollows = separator.test(first) || (/^$| $/.test(first) && wordsOf(first).every(isSellersWord));
  return isOfWhatFollows ? match[1] : undefined;
}

const isSellersWord = (word: string) => sellersWords.has(word);

/** Whether what stands between two places of a title is only a part of a longer name, such as that of a blueprint. */
function isPartOfName(title: string, start: number, end: number, isName: (text: string) => boolean): boolean {
  const starts = placesFrom(Math.max(0, start - longestName), start).filter((place) => !isInWord(title, place - 1));
  const ends = placesFrom(end, Math.min(title.length, end + longestName)).filter((place) => !isInWord(title, place));
  return starts.some((first) =>
    ends.some((last) => {
      const text = title.slice(first, last);
      const singular = text.replace(/s$/, '');
      return [text, singular].some((candidate) => candidate.length > end - start && isName(candidate));
    }),
  );
}

function isInWord(title: string, place: number): boolean {
  return /[\p{L}\p{N}]/u.test(title[place] ?? '');
}

function placesFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
