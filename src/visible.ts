/**
 * What stands in a text and cannot be seen, as a class of a regular expression with the flag `u`: characters that turn
 * text round, join or part it, or fill it with nothing, such as a zero-width space, a soft hyphen or a language tag.
 */
export const invisible = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`;

/** Behind a picture, and before one: what an emoji of several is joined by. */
const joint = String.raw`(?<=(?:\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D)(?=\p{Extended_Pictographic})`;
/** Behind a character that can be seen: which of its shapes is meant. Quotation marks, as JSON puts them there, have one. */
const shape = String.raw`(?<=(?!")[\p{L}\p{N}\p{P}\p{S}]\p{Variation_Selector})`;

/**
 * What could move a terminal's cursor, ring its bell, turn text round or hide it. Legitimate joints and shapes are
 * looked for only where such a character is, since nearly all texts have none.
 */
const hazards = new RegExp(String.raw`[\p{Cc}\p{Zl}\p{Zp}${invisible}](?!${joint}|${shape})`, 'gu');

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Replaces control characters, and those that cannot be seen, by what stands for them. */
export function replaceHazards(text: string, replacement: (character: string) => string): string {
  return text.replaceAll(hazards, replacement);
}

/** Shows them as escapes: text that players or servers wrote is shown, never obeyed. */
export function showControlCharacters(text: string, options: { keepLineBreaks?: boolean } = {}): string {
  return replaceHazards(text, (character) => {
    if (options.keepLineBreaks && character === '\n') return character;
    return shortEscapes[character] ?? escapeOf(character);
  });
}

/** The same JSON with them as escapes, which whoever reads it takes for the characters. */
export function showInJson(json: string): string {
  return replaceHazards(json, (character) => character.split('').map(escapeOf).join(''));
}

function escapeOf(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
