import { describe, expect, it } from 'vitest';
import { showControlCharacters } from '../src/visible.ts';

const characters = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index));

const dangerous = [
  ...characters(0x00, 0x1f),
  ...characters(0x7f, 0x9f),
  ...characters(0x200e, 0x200f),
  ...characters(0x2028, 0x202e),
  ...characters(0x2066, 0x2069),
  '\u061C',
  '\u200B',
  '\u2060',
  '\uFEFF',
];

describe('control characters', () => {
  it('are all shown as escapes of visible ASCII', () => {
    for (const character of dangerous) {
      const shown = showControlCharacters(`a${character}b`);
      expect(shown, JSON.stringify(character)).toMatch(/^a\\(?:[nrt]|u[0-9a-f]{4})b$/);
    }
  });

  it('are told apart', () => {
    expect(new Set(dangerous.map((character) => showControlCharacters(character))).size).toBe(dangerous.length);
  });

  it('are replaced wherever they stand', () => {
    expect(showControlCharacters('\u001B[2J\u001B[31mred\u0007\r\n')).toBe('\\u001b[2J\\u001b[31mred\\u0007\\r\\n');
  });

  it('but line breaks may stay', () => {
    expect(showControlCharacters('a\nb\r\u001B', { keepLineBreaks: true })).toBe('a\nb\\r\\u001b');
  });
});

it.each(['', 'Rifter', 'ÄÖ КАРАКАЛ 艦 عربى', '🚀', '👩‍🚀', 'x\u00A0y', '=1+1', '\\u001b'])(
  '%j stays as it is',
  (text) => {
    expect(showControlCharacters(text)).toBe(text);
  },
);
