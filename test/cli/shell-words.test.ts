import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteFor, splitLine, unquote } from '../../src/commands/shell-words.ts';

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
