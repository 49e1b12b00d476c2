import { expect, test } from 'vitest';
import { meaningOf } from '../src/meaning.ts';

const named = (...names: string[]) => names.map((name, id) => ({ id, name }));

test.each([
  ['a name in full', 'the forge', { kind: 'name', ids: [0] }],
  ['a name in full that is also a part of another', 'Rifter', { kind: 'name', ids: [1] }],
  ['a name that two bear', 'twin', { kind: 'name', ids: [3, 4] }],
  ['whole words of one name', 'forge', { kind: 'part', ids: [0] }],
  ['a part of a word', 'forg', { kind: 'nothing' }],
  ['words of several names', 'skin', { kind: 'several', names: ['Punisher SKIN', 'Rifter SKIN'] }],
  ['nothing at all', ' ', { kind: 'nothing' }],
])('%s', (_what, text, expected) => {
  const rows = named('The Forge', 'Rifter', 'Rifter SKIN', 'Twin', 'Twin', 'Punisher SKIN');
  const { rows: found, name: _, ...meaning } = { rows: undefined, name: undefined, ...meaningOf(text, rows) };
  expect(found === undefined ? meaning : { ...meaning, ids: found.map(({ id }) => id) }).toEqual(expected);
});

test('another name is tried once none is the text in full', () => {
  const rows = named('Rifter Blueprint', 'Rifter');
  const withoutSuffix = ({ name }: { readonly name: string }) => name.replace(/ Blueprint$/, '');
  expect(meaningOf('rifter', rows, [withoutSuffix])).toEqual({ kind: 'name', rows: [rows[1]] });
  expect(meaningOf('rifter', rows.slice(0, 1), [withoutSuffix])).toEqual({ kind: 'name', rows: [rows[0]] });
});
