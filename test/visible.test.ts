import { describe, expect, it } from 'vitest';
import { showControlCharacters, showInJson } from '../src/visible.ts';

/** Every character there is that matches, by Unicode's own tables. */
function charactersLike(pattern: RegExp): string[] {
  const all = Array.from({ length: 0x110000 }, (_, codePoint) => String.fromCodePoint(codePoint));
  return all.filter((character) => pattern.test(character));
}

const dangerous = charactersLike(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);

describe('characters that steer a terminal or cannot be seen', () => {
  it('are those one would think of', () => {
    const known = ['\0', '\u001B', '\u007F', '\u009B', '\u00AD', '\u034F', '\u061C', '\u115F', '\u180E', '\u200B'];
    known.push('\u200C', '\u200D', '\u202E', '\u2028', '\u2029', '\u2060', '\u2066', '\u3164', '\uFE0F', '\uFEFF');
    known.push('\uFFA0', '\uFFF9', '\uFFFB', '\u{1D173}', '\u{E0001}', '\u{E0041}', '\u{E007F}', '\u{E0100}');
    expect(dangerous).toEqual(expect.arrayContaining(known));
  });

  it('are all shown as escapes of visible ASCII', () => {
    for (const character of dangerous) {
      for (const [before, after] of [
        ['', 'b'],
        ['\t', 'b'],
        ['🚀 ', '🚀'],
      ] as const) {
        const shown = showControlCharacters(before + character + after).slice(showControlCharacters(before).length);
        const name = `U+${character.codePointAt(0)?.toString(16)}`;
        expect(shown, name).toMatch(/^\\(?:[nrt]|u[0-9a-f]{4}|u\{[0-9a-f]{5,6}\})(?:b|🚀)$/u);
      }
    }
  });

  it('stay where they make an emoji or a letter what it is, and nowhere else', () => {
    expect(showControlCharacters('a\u200Db')).toBe('a\\u200db');
    expect(showControlCharacters('🚀\u200D')).toBe('🚀\\u200d');
    expect(showControlCharacters('🚀\u200D\u200D🚀')).toBe('🚀\\u200d\\u200d🚀');
    expect(showControlCharacters('a\uFE0F\uFE0F')).toBe('a\uFE0F\\ufe0f');
    expect(showControlCharacters('🏴\u{E0067}\u{E007F}')).toBe('🏴\\u{e0067}\\u{e007f}');
  });

  it('are distinguished', () => {
    expect(new Set(dangerous.map((character) => showControlCharacters(character))).size).toBe(dangerous.length);
  });

  it('are replaced wherever they stand', () => {
    expect(showControlCharacters('\u001B[2J\u001B[31mred\u0007\r\n')).toBe('\\u001b[2J\\u001b[31mred\\u0007\\r\\n');
  });

  it('are escapes in JSON that mean the same', () => {
    for (const character of dangerous) {
      const json = showInJson(JSON.stringify({ a: `${character}b` }));
      expect(json).toMatch(/^[\x20-\x7E]+$/);
      expect(JSON.parse(json)).toEqual({ a: `${character}b` });
    }
    expect(showInJson('"👩‍🚀 ÄÖ"')).toBe('"👩‍🚀 ÄÖ"');
  });

  it('but line breaks may stay', () => {
    expect(showControlCharacters('a\nb\r\u001B', { keepLineBreaks: true })).toBe('a\nb\\r\\u001b');
  });
});

it.each([
  ...['', 'Rifter', 'ÄÖ КАРАКАЛ 艦 عربى', '🚀', '👩‍🚀', 'x\u00A0y', '=1+1', '\\u001b', '🇮🇸', 'e\u0301'],
  ...['👩🏽‍🚀', '👩‍👩‍👧', '🏳️‍🌈', '❤️‍🔥', '🤷‍♀️', '1️⃣', '✔\uFE0E', '葛\u{E0100}'],
])('%j stays as it is', (text) => {
  expect(showControlCharacters(text)).toBe(text);
});
