import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseItem } from '../../src/esi/routes/contract-items.ts';
import { contractIdOf, parseContract } from '../../src/esi/routes/contract-list.ts';
import { parseIds } from '../../src/esi/routes/id-lists.ts';
import { parseNames } from '../../src/esi/routes/names.ts';
import { parseReference } from '../../src/esi/routes/universe.ts';
import type { Parsed } from '../../src/esi/schema.ts';
import { type ReferenceKind, referenceKindNames } from '../../src/eve/reference.ts';
import { contractRow, itemRow } from '../helpers/esi-rows.ts';
import { hostileJson, mutatedJson } from '../helpers/hostile-json.ts';

const objects: Readonly<Record<ReferenceKind, Record<string, unknown>>> = {
  region: { region_id: 10_000_002, name: 'The Forge', constellations: [] },
  system: { system_id: 30_000_142, name: 'Jita', constellation_id: 20_000_020, security_status: 0.94 },
  station: { station_id: 60_003_760, name: 'Jita IV', system_id: 30_000_142 },
  type: { type_id: 587, name: 'Rifter', group_id: 25, market_group_id: 64, published: true },
  group: { group_id: 25, name: 'Frigate', category_id: 6, published: true },
  category: { category_id: 6, name: 'Ship', published: true },
  market_group: { market_group_id: 64, name: 'Minmatar', parent_group_id: 1361 },
};

const parsers: Readonly<
  Record<string, { example: Record<string, unknown>; parse: (value: unknown) => Parsed<unknown> }>
> = {
  'a contract': { example: contractRow({ buyout: 1, for_corporation: true }), parse: parseContract },
  'an item': { example: itemRow({ runs: 1, material_efficiency: 1, time_efficiency: 2 }), parse: parseItem },
  'a name': { example: { id: 90_000_001, name: 'Somebody', category: 'character' }, parse: (row) => parseNames([row]) },
  'a list of ids': { example: { id: 1 }, parse: (value) => parseIds(isObject(value) ? Object.values(value) : value) },
  ...Object.fromEntries(
    referenceKindNames.map((kind) => [
      `the answer for a ${kind}`,
      { example: objects[kind], parse: (value: unknown) => parseReference(kind, value) },
    ]),
  ),
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Parts of a value that no database stores, or that the two store differently. */
function* unstorable(value: unknown, name = 'value'): Iterable<string> {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) yield `${name} has half a surrogate pair`;
    if (value.includes('\0')) yield `${name} has a NUL`;
    if (/_at$|^date_/.test(name) && !/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) yield `${name}: ${value}`;
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) yield `${name} is ${value}`;
    if (/(^|_)id$/.test(name) && !(Number.isSafeInteger(value) && value > 0)) yield `${name} is ${value}`;
  } else if (Array.isArray(value)) {
    for (const part of value) yield* unstorable(part, name);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) yield* unstorable(part, key);
  } else if (typeof value !== 'boolean' && value !== null) yield `${name} is ${typeof value}`;
}

test.each(Object.entries(parsers))(
  '%s is usable in every field, or not usable for a reason',
  (_, { example, parse }) => {
    let usable = 0;
    fc.assert(
      fc.property(fc.oneof(mutatedJson(example), hostileJson(Object.keys(example))), (text) => {
        const parsed = parse(JSON.parse(text));
        if (parsed.ok) {
          usable += 1;
          expect([...unstorable(parsed.value)]).toEqual([]);
        } else expect(parsed.reason).not.toBe('');
      }),
      { numRuns: 1_000, examples: [[JSON.stringify(example)]] },
    );
    expect(usable).toBeGreaterThan(0);
  },
);

test('whether a row names its contract can be asked of anything', () => {
  fc.assert(
    fc.property(fc.oneof(mutatedJson(contractRow()), hostileJson(['contract_id'])), (text) => {
      const id = contractIdOf(JSON.parse(text));
      expect(id === null || (Number.isSafeInteger(id) && id > 0)).toBe(true);
    }),
  );
});

test('an object keeps the prototype that it has, whatever its keys are', () => {
  const parsed = parseContract(JSON.parse(`{"__proto__":{"price":1},"constructor":{"prototype":{"price":1}}}`));
  expect(parsed.ok).toBe(false);
  expect(({} as { price?: number }).price).toBeUndefined();
});
