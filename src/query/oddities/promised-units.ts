import { isSellersTalk, sellersWords, wordsOf } from './title-words.ts';

/** `10`, `10,000`, `10 000`; `10k` and `1.5m`, which are prices for most types. */
const number = String.raw`(\d{1,3}(?:[ ,.']\d{3}){1,4}|\d+(?:[.,]\d+)?[km]|\d+)`;
const sign = '(?:x|×|\\*)';
const unit = `(?:${sign}|(?:pcs?|pieces?|units?)(?: of)?)`;
const opening = `["'([{<]`;
const closing = String.raw`["')\]}>]`;
const numerals: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
};
/** `Lot 3` and `#3` number the lots, not their contents. */
const notOfLots = String.raw`(?<!# ?|(?:^|[^\p{L}\p{N}])(?:lot|batch|box|group|part|no|nr|number)\.? ?)`;

/** `10x ` or `[10x] ` before a name; after another symbol the number may mean anything. */
const counted = String.raw`(?:^|[\s([{|>*~="])${notOfLots}${number} ?${unit}${closing}? ?(?:- ?)?${opening}?`;
/** `10 ` or `(10) ` before a name, at the beginning of the title. */
const bare = String.raw`^[^\p{L}\p{N}+#-]*${number}${closing}? ?${opening}?`;
/** `ten ` before a name. */
const spelled = String.raw`(?<![\p{L}\p{N}'-])(${Object.keys(numerals).join('|')})(?: of)? ${opening}?`;
/** `x10 ` before a name; it belongs to the text before it, if there is any. */
const signed = `${sign} ?${number} ?(?:- ?)?${opening}?`;
/** `x10` or `10x` after a name. */
const following = String.raw`${closing}? ?(?:- ?)?${opening}?(?:${sign} ?${number}|${number} ?[x×])(?![\p{L}\p{N}%]|[.,']\d)`;
/** `(10)` after a name: neither a year nor a price. */
const bracketed = String.raw`${closing}? ?(?:\( ?(\d{1,3}) ?\)|\[ ?(\d{1,3}) ?\]|\{ ?(\d{1,3}) ?\})`;

/** Anchored, so that a title is not scanned as a whole for each name in it. */
const patterns = {
  counted: new RegExp(`(?<=${counted})`, 'uy'),
  bare: new RegExp(`(?<=${bare})`, 'uy'),
  signed: new RegExp(`(?<=(${signed}))`, 'uy'),
  spelled: new RegExp(`(?<=${spelled})`, 'uy'),
  following: new RegExp(following, 'uy'),
  bracketed: new RegExp(bracketed, 'uy'),
};

const separator = /[([{|>,;:/&+~#=*!] ?$/u;
/** The rest of a longer name that belongs to another type, whether or not that type is known. */
const namesake = /^["')\]}>]?[ (-]{1,2}(?:blueprint|bpc|bpo|skin)s?(?![\p{L}\p{N}])/u;
/** Maximum distance between a name and its number; no name is longer. */
const reach = 100;
/** More units than anybody packs, except of bulk types: a price. */
const maxPacked = 10_000;

/** A type that a title may contain. */
export interface NamedType {
  /** In lower case. */
  readonly name: string;
  /** Whether it is traded in thousands, like minerals. */
  readonly isBulk: boolean;
}

/**
 * The number of units of a type that a title promises; 0 if none.
 *
 * @param title normalized, in lower case
 * @param isName whether a type has this name; of overlapping names, the longest counts
 */
export function promisedUnits(title: string, { name, isBulk }: NamedType, isName: (text: string) => boolean): number {
  let promised = 0;
  for (let start = title.indexOf(name); start >= 0; start = title.indexOf(name, start + 1)) {
    const [plural] = /^s?(?![\p{L}\p{N}])/u.exec(title.slice(start + name.length, start + name.length + 2)) ?? [];
    if (plural === undefined) continue;
    const end = start + name.length + plural.length;
    if (namesake.test(title.slice(end, end + reach))) continue;
    const most = Math.max(...countsAround(title, start, end, { isBulk }));
    if (most > promised && !isPartOfName(title, start, start + name.length, isName)) promised = most;
  }
  return promised;
}

/** For bulk types, `10k` is an ordinary number. */
interface Counted {
  readonly isBulk: boolean;
}

/** The numbers around a name that may belong to it. */
function countsAround(title: string, start: number, end: number, counted: Counted): number[] {
  const bareCount = countIn(matchAt(patterns.bare, title, start)?.[1], counted);
  return [
    countIn(matchAt(patterns.counted, title, start)?.[1], counted),
    counted.isBulk || bareCount <= maxPacked ? bareCount : 0,
    countIn(signedCount(title, start), counted),
    numerals[matchAt(patterns.spelled, title, start)?.[1] ?? ''] ?? 0,
    countIn(followingCount(title, start, end), counted),
  ];
}

function matchAt(pattern: RegExp, title: string, place: number): RegExpExecArray | null {
  pattern.lastIndex = place;
  return pattern.exec(title);
}

function countIn(text: string | undefined, { isBulk }: Counted): number {
  const thousands = { k: 1_000, m: 1_000_000 }[text?.at(-1) ?? ''];
  if (thousands === undefined) return Number(text?.replaceAll(/\D/g, '') ?? 0);
  return isBulk ? Number.parseFloat((text ?? '').replace(',', '.')) * thousands : 0;
}

function signedCount(title: string, start: number): string | undefined {
  const [, whole, digits] = matchAt(patterns.signed, title, start) ?? [];
  if (whole === undefined) return undefined;
  const before = title.slice(Math.max(0, start - reach), start - whole.length);
  const isOfWhatFollows = separator.test(before) || (/^$| $/.test(before) && wordsOf(before).every(isSellersWord));
  return isOfWhatFollows ? digits : undefined;
}

/** In `Rifter x2 gyros` the number belongs to the gyros: only sellers' words may follow, up to the next symbol. */
function followingCount(title: string, start: number, end: number): string | undefined {
  if (isInWord(title, start - 1)) return undefined;
  const match = matchAt(patterns.following, title, end) ?? matchAt(patterns.bracketed, title, end);
  if (match === null) return undefined;
  const rest = title.slice(end + match[0].length, end + match[0].length + reach);
  const [said = ''] = /^[\p{L}\p{N}' ]*/u.exec(rest) ?? [];
  const digits = match.slice(1).find((group) => group !== undefined);
  // `x1 150 mil` may mean one for 150 million.
  const isPrice = digits?.includes(' ') && wordsOf(said).length > 0;
  return !isPrice && wordsOf(said).every(isSellersTalk) ? digits : undefined;
}

const isSellersWord = (word: string) => sellersWords.has(word);

/** Whether a part of a title belongs to a longer name, such as a blueprint's. */
function isPartOfName(title: string, start: number, end: number, isName: (text: string) => boolean): boolean {
  const starts = placesFrom(Math.max(0, start - reach), start).filter((place) => !isInWord(title, place - 1));
  const ends = placesFrom(end, Math.min(title.length, end + reach)).filter((place) => !isInWord(title, place));
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
