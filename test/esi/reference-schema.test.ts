import { describe, expect, test } from 'vitest';
import { parseIds } from '../../src/esi/routes/id-lists.ts';
import { parseNames } from '../../src/esi/routes/names.ts';
import { parseReference } from '../../src/esi/routes/universe.ts';
import type { ReferenceKind } from '../../src/eve/reference.ts';

const bodies: readonly [ReferenceKind, Record<string, unknown>][] = [
  ['region', { name: 'The Forge' }],
  ['system', { name: 'Jita', constellation_id: 20_000_020, security_status: 0.9459 }],
  ['station', { name: 'Jita IV - Moon 4', system_id: 30_000_142 }],
  ['type', { name: 'Rifter', group_id: 25, market_group_id: 64, published: true, is_dynamic: null }],
  ['group', { name: 'Frigate', category_id: 6, published: true }],
  ['category', { name: 'Ship', published: true }],
  ['market_group', { name: 'Minmatar', parent_group_id: 61 }],
];
/** Fields that may be absent, or are derived from others. */
const optional = ['market_group_id', 'parent_group_id', 'is_dynamic'];

describe.each(bodies)('a %s', (kind, body) => {
  test('keeps the fields that queries join on, and no others', () => {
    expect(parseReference(kind, { ...body, description: 'long' })).toEqual({ ok: true, value: body });
  });

  test.each(Object.keys(body).filter((field) => !optional.includes(field)))('needs its %s', (field) => {
    for (const value of [undefined, null, []]) {
      const parsed = parseReference(kind, { ...body, [field]: value });
      expect(parsed).toMatchObject({ ok: false, reason: expect.stringMatching(new RegExp(`^${field}: `)) });
    }
  });

  test('has no NUL in its name', () => {
    expect(parseReference(kind, { ...body, name: 'a\0b' })).toMatchObject({ ok: true, value: { name: 'a\uFFFDb' } });
  });

  test('is an object', () => {
    for (const other of [null, [], 'Jita', 7]) expect(parseReference(kind, other).ok).toBe(false);
  });
});

test('a type without a market group, and a market group without a parent, have null', () => {
  expect(parseReference('type', { name: 'a', group_id: 1, published: false })).toMatchObject({
    ok: true,
    value: { market_group_id: null },
  });
  expect(parseReference('market_group', { name: 'Ships' })).toMatchObject({
    ok: true,
    value: { parent_group_id: null },
  });
});

test('names are a list of ids, names and categories', () => {
  const name = { id: 2_112_000_001, name: 'Chribba', category: 'character' };
  expect(parseNames([name])).toEqual({ ok: true, value: [name] });
  expect(parseNames([{ ...name, name: 'a\0' }])).toMatchObject({ ok: true, value: [{ name: 'a\uFFFD' }] });
  for (const body of [null, name, [{ ...name, id: '1' }], [{ id: 1, category: 'character' }]]) {
    expect(parseNames(body).ok).toBe(false);
  }
});

test('ids are a list of whole, positive numbers', () => {
  expect(parseIds([10_000_001, 10_000_002])).toEqual({ ok: true, value: [10_000_001, 10_000_002] });
  for (const body of [null, {}, ['10000001'], [0], [1.5]]) expect(parseIds(body).ok).toBe(false);
});
