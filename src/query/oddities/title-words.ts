import { invisible } from '../../visible.ts';

/** Words that sellers use for anything, in lower case. */
export const sellersWords: ReadonlySet<string> = new Set(
  (
    'wts selling sell sale for a an the my your one last only new brand newly packaged repackaged assembled unassembled ' +
    'unfitted fitted fully ready to fly hull hulls ship ships cheap cheaper cheapest best great good fair low price ' +
    'priced prices discount deal bargain offer urgent quick clearance now here buy it you all each ea per only please ' +
    'and with in at from by near of off jita amarr dodixie rens hek perimeter forge domain thera hub isk mil x pcs pc ' +
    'piece pieces unit units'
  ).split(' '),
);

/** Whether a word is a seller's word, or a number of pieces or of ISK. */
export function isSellersTalk(word: string): boolean {
  return sellersWords.has(word) || /^(?:x?\d+|\d+[xkmb])$/.test(word);
}

/** The words of a text normalized by {@link plain}. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}']+/gu) ?? [];
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };
const unseen = new RegExp(`[${invisible}]`, 'gu');

/**
 * Normalized text: in lower case, with look-alike digits and full-width characters replaced, without invisible
 * characters.
 */
export function plain(text: string | null): string {
  return (text ?? '')
    .replaceAll(/&(?:lt|gt|amp|quot);/g, (entity) => entities[entity] ?? entity)
    .normalize('NFKC')
    .replaceAll(unseen, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .toLowerCase()
    .trim();
}
