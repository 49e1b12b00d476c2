/**
 * C0 and C1 controls, line and paragraph separators, bidirectional and zero-width formatting characters: what could
 * move a terminal's cursor, ring its bell, turn text round or hide it.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
const controlCharacters = /[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

const shortEscapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Replaces control characters by visible escapes: text that players or servers wrote is shown, never obeyed. */
export function showControlCharacters(text: string, options: { keepLineBreaks?: boolean } = {}): string {
  return text.replaceAll(controlCharacters, (character) => {
    if (options.keepLineBreaks && character === '\n') return character;
    return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
