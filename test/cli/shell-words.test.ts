import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteFor, shellQuoted, splitLine, unquote } from '../../src/commands/completion/shell-words.ts';
import { showControlCharacters } from '../../src/visible.ts';
import { hostileTexts } from '../helpers/hostile-json.ts';

const texts = [
  'plain',
  '',
  'two words',
  `Kara O'Tool`,
  'say "hi"',
  '$HOME `x` $(y) !',
  'back\\slash\\',
  'ÄÖ 艦 🚀',
  '*?[a]{b,c}~#;&|<>()',
  ' tab\there',
];

describe('a typed line', () => {
  it.each<[string, string[], string]>([
    ['hangarbay query --region The\\ F', ['hangarbay', 'query', '--region', 'The F'], ''],
    ['hangarbay query --region "The F', ['hangarbay', 'query', '--region', 'The F'], '"'],
    ["hangarbay query --region 'The F", ['hangarbay', 'query', '--region', 'The F'], "'"],
    ['a ', ['a', ''], ''],
    ['a  b', ['a', 'b'], ''],
    ['', [''], ''],
    ['a "" ', ['a', '', ''], ''],
    ['--x="a b"c', ['--x=a bc'], ''],
    ['a\\', ['a'], ''],
    [`"it's"`, [`it's`], ''],
    ['"a\\n\\$"', ['a\\n$'], ''],
  ])('%j is %j', (line, words, quote) => {
    expect(splitLine(line)).toEqual({ words, quote });
  });

  it('of which only a piece is there loses its quotes', () => {
    expect(unquote('The\\ F')).toBe('The F');
    expect(unquote('"The F')).toBe('The F');
    expect(unquote('The F')).toBe('The F');
  });
});

describe('a quoted text', () => {
  it.each(texts)('%j is what bash reads', (text) => {
    const words = [quoteFor(text, ''), `"${quoteFor(text, '"')}"`, `'${quoteFor(text, "'")}'`];
    if (text === '') words[0] = '""';
    const read = execFileSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' });
    expect(read.split('\0').slice(0, -1)).toEqual([text, text, text]);
    expect(splitLine(words.join(' ')).words).toEqual([text, text, text]);
  });
});

describe('a word of a line that is shown', () => {
  const shells = ['bash', 'zsh'].filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);
  const words = [
    ...[
      ...texts,
      '=ls',
      '~root',
      '-n',
      '!!',
      '\u001b]0;title\u0007',
      "it's\nhere!",
      '\u202E\\',
      'a\u200Bb',
      '\u{E0041}1',
    ],
    ...fc.sample(hostileTexts, { numRuns: 300, seed: 1 }).map((text) => text.toWellFormed().replaceAll('\0', '')),
  ];

  it.each(shells)('is what %s reads, whatever is in it', (shell) => {
    const line = `printf '%s\\0' ${words.map(shellQuoted).join(' ')}`;
    for (const LC_ALL of ['C', 'C.UTF-8']) {
      const read = execFileSync(shell, ['-c', line], { encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL } });
      expect(read.split('\0').slice(0, -1)).toEqual(words);
    }
  });

  it('is as plain as can be, and has nothing that a terminal obeys', () => {
    expect(['plain', 'two words', "it's", '', '=ls'].map(shellQuoted)).toEqual([
      ...['plain', "'two words'", `'it'\\''s'`, "''", "'=ls'"],
    ]);
    expect(shellQuoted("\u001b]0;it's\u0007")).toBe(`$'\\x1b]0;it\\x27s\\x07'`);
    for (const word of words) expect(showControlCharacters(shellQuoted(word))).toBe(shellQuoted(word));
  });
});
