/**
 * Invisible characters, as a class for regular expressions with the flag `u`: those that reverse, join or split text,
 * or pad it, such as a zero-width space, a soft hyphen or a language tag.
 */
export const invisible = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`;

/** A joiner between two pictographs of an emoji sequence. */
const joint = String.raw`(?<=(?:\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D)(?=\p{Extended_Pictographic})`;
/** A variation selector after a visible character. Not after quotation marks, where JSON would have one. */
const shape = String.raw`(?<=(?!")[\p{L}\p{N}\p{P}\p{S}]\p{Variation_Selector})`;

/**
 * Characters that could move a terminal's cursor, ring its bell, reverse text or hide it. Legitimate joiners and
 * selectors are only checked at such characters, because nearly all texts have none.
 */
const hazards = new RegExp(String.raw`[\p{Cc}\p{Zl}\p{Zp}${invisible}](?!${joint}|${shape})`, 'gu');

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Replaces control and invisible characters with the result of a function. */
export function replaceHazards(text: string, replacement: (character: string) => string): string {
  return text.replaceAll(hazards, replacement);
}

/** Shows control and invisible characters as escapes, so that foreign text cannot control a terminal. */
export function showControlCharacters(text: string, options: { keepLineBreaks?: boolean } = {}): string {
  return replaceHazards(text, (character) => {
    if (options.keepLineBreaks && character === '\n') return character;
    return shortEscapes[character] ?? escapeOf(character);
  });
}

/** The same JSON with these characters as escapes, which JSON readers decode. */
export function showInJson(json: string): string {
  return replaceHazards(json, (character) => character.split('').map(escapeOf).join(''));
}

function escapeOf(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
