import { describe, expect, test } from 'vitest';
import type { ReferenceFields, ReferenceKind } from '../../src/eve/reference.ts';
import type { Reference } from '../../src/store/records/pass.ts';
import type { Store } from '../../src/store/store.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { itemOf, itemRow, listed } from '../helpers/esi-rows.ts';
import { storeListed } from '../helpers/stored.ts';
import { booleanOf, jsonOf, rowsOf } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';
const tomorrow = '2026-03-02T12:00:00Z';
const rifter = { name: 'Rifter', group_id: 25, market_group_id: 64, published: true };

function reference<Kind extends ReferenceKind>(
  kind: Kind,
  id: number,
  fields: ReferenceFields[Kind],
  given: Partial<Reference> = {},
): Reference {
  return { kind, id, fields, response: fields, etag: '"1"', fetched_at: noon, expires_at: tomorrow, ...given };
}

/** The ids that are missing at a time. */
async function missingIds(
  store: Store,
  kind: Parameters<Store['missingReferences']>[0],
  now: string,
): Promise<number[]> {
  return (await store.missingReferences(kind, now)).map(({ id }) => id);
}

/** Stores a contract per pair of places, each with one item of a type. */
async function storePlaces(store: Store, places: readonly (readonly [number, number])[], type_id = 587): Promise<void> {
  const contracts = places.map(([start_location_id, end_location_id], index) =>
    listed(index + 1, { start_location_id, end_location_id }),
  );
  await storeListed(store, noon, contracts, [itemOf(itemRow({ type_id }))]);
}

describe.each(backings)('what is missing, on $name', (backing) => {
  test('are stations by the ends of their range; structures have no public route', async () => {
    const { store } = await openTestStore(backing);
    await storePlaces(store, [
      [59_999_999, 60_000_000],
      [63_999_999, 64_000_000],
      [1_040_000_000_000, 60_000_000],
    ]);
    expect(await missingIds(store, 'station', noon)).toEqual([60_000_000, 63_999_999]);
  });

  test('are systems by the ends of their range, and those of known stations', async () => {
    const { store } = await openTestStore(backing);
    await storePlaces(store, [
      [29_999_999, 30_000_000],
      [39_999_999, 40_000_000],
    ]);
    await store.saveReferences([reference('station', 60_003_760, { name: 'Jita IV', system_id: 30_000_142 })]);
    expect(await missingIds(store, 'system', noon)).toEqual([30_000_000, 30_000_142, 39_999_999]);
  });

  test('are types of items, then their groups, categories and market groups up to the root', async () => {
    const { store } = await openTestStore(backing);
    await storePlaces(store, [[60_003_760, 60_003_760]]);
    expect(await missingIds(store, 'type', noon)).toEqual([587]);
    expect(await missingIds(store, 'group', noon)).toEqual([]);
    await store.saveReferences([reference('type', 587, rifter)]);
    expect(await missingIds(store, 'type', noon)).toEqual([]);
    expect(await missingIds(store, 'group', noon)).toEqual([25]);
    await store.saveReferences([reference('group', 25, { name: 'Frigate', category_id: 6, published: true })]);
    expect(await missingIds(store, 'category', noon)).toEqual([6]);
    expect(await missingIds(store, 'market_group', noon)).toEqual([64]);
    await store.saveReferences([reference('market_group', 64, { name: 'Minmatar', parent_group_id: 61 })]);
    expect(await missingIds(store, 'market_group', noon)).toEqual([61]);
    await store.saveReferences([reference('market_group', 61, { name: 'Ships', parent_group_id: null })]);
    expect(await missingIds(store, 'market_group', noon)).toEqual([]);
  });

  test('are issuers and their corporations, each once', async () => {
    const { store } = await openTestStore(backing);
    const issuer = { issuer_id: 5_000_000_001, issuer_corporation_id: 98_000_001 };
    await storeListed(store, noon, [listed(1, issuer), listed(2, issuer)]);
    expect(await missingIds(store, 'name', noon)).toEqual([98_000_001, 5_000_000_001]);
    await store.saveNames([{ id: 98_000_001, name: 'Corporation', category: 'corporation' }], noon);
    expect(await missingIds(store, 'name', noon)).toEqual([5_000_000_001]);
  });

  test('is nothing in a new database', async () => {
    const { store } = await openTestStore(backing);
    for (const kind of ['region', 'system', 'station', 'type', 'group', 'category', 'market_group', 'name'] as const) {
      expect(await missingIds(store, kind, noon)).toEqual([]);
    }
  });
});

describe.each(backings)('an object that is had, on $name', (backing) => {
  test('is kept with its fields and the whole response', async () => {
    const { store, database } = await openTestStore(backing);
    const response = { ...rifter, type_id: 587, dogma_attributes: [{ attribute_id: 9, value: 350.5 }], note: 'ÄÖ 🚀' };
    await store.saveReferences([reference('type', 587, rifter, { response })]);
    const [row] = await rowsOf(database, 'types', 'type_id');
    expect(row).toMatchObject({ type_id: 587, name: 'Rifter', group_id: 25, market_group_id: 64, etag: '"1"' });
    expect(row).toMatchObject({ fetched_at: noon, expires_at: tomorrow, attempts: 0, next_attempt_at: null });
    expect(booleanOf(row?.published)).toBe(true);
    expect(jsonOf(row?.response)).toEqual(response);
  });

  test('has U+FFFD in its response for what PostgreSQL cannot hold', async () => {
    const { store, database } = await openTestStore(backing);
    const response = { ...rifter, description: 'a\0b', 'k\0': ['\uD83D'] };
    await store.saveReferences([reference('type', 587, rifter, { response })]);
    const [row] = await rowsOf(database, 'types', 'type_id');
    expect(jsonOf(row?.response)).toEqual({ ...rifter, description: 'a\uFFFDb', 'k\uFFFD': ['\uFFFD'] });
  });

  test('is replaced by a newer answer', async () => {
    const { store, database } = await openTestStore(backing);
    await store.saveReferences([reference('type', 587, rifter)]);
    const newer = { ...rifter, name: 'Rifter II', market_group_id: null };
    await store.saveReferences([reference('type', 587, newer, { etag: null, fetched_at: later })]);
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([
      { name: 'Rifter II', market_group_id: null, etag: null, fetched_at: later },
    ]);
  });

  test('is expired when its time is over, if something needs it', async () => {
    const { store } = await openTestStore(backing);
    await store.saveReferences([reference('type', 587, rifter)]);
    await store.saveReferences([reference('type', 34, rifter, { etag: null })]);
    expect(await store.expiredReferences('type', [587, 34], '2026-03-02T11:59:59Z')).toEqual([]);
    expect(await store.expiredReferences('type', [587, 34, 99], tomorrow)).toEqual([
      { id: 34, etag: null },
      { id: 587, etag: '"1"' },
    ]);
    expect(await store.expiredReferences('type', [587], tomorrow)).toEqual([{ id: 587, etag: '"1"' }]);
    expect(await store.expiredReferences('type', [], tomorrow)).toEqual([]);
  });

  test('that is unchanged only lives longer', async () => {
    const { store, database } = await openTestStore(backing);
    await store.saveReferences([reference('type', 587, rifter)]);
    const before = await rowsOf(database, 'types', 'type_id');
    await store.extendReference('type', 587, '2026-03-09T12:00:00Z');
    expect(await rowsOf(database, 'types', 'type_id')).toEqual([{ ...before[0], expires_at: '2026-03-09T12:00:00Z' }]);
  });
});

describe.each(backings)('an object that cannot be fetched, on $name', (backing) => {
  const postponement = { kind: 'type', id: 587, answer: 'Type not found' } as const;

  test('is missing again in the next pass after a fault, then after growing delays', async () => {
    const { store } = await openTestStore(backing);
    await storePlaces(store, [[60_003_760, 60_003_760]]);
    const missingAt = (at: string) => missingIds(store, 'type', at);
    await store.postponeReferences([{ ...postponement, refused: false }], new Date(noon));
    expect(await missingAt(noon)).toEqual([587]);
    await store.postponeReferences([{ ...postponement, refused: false }], new Date(noon));
    expect(await missingAt('2026-03-01T12:04:59Z')).toEqual([]);
    expect(await missingAt('2026-03-01T12:05:00Z')).toEqual([587]);
  });

  test('is missing again after an hour when it was refused', async () => {
    const { store, database } = await openTestStore(backing);
    await storePlaces(store, [[60_003_760, 60_003_760]]);
    await store.postponeReferences([{ ...postponement, refused: true }], new Date(noon));
    expect(await missingIds(store, 'type', '2026-03-01T12:59:59Z')).toEqual([]);
    expect(await missingIds(store, 'type', '2026-03-01T13:00:00Z')).toEqual([587]);
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([
      { name: null, fetched_at: null, attempts: 1, last_answer: 'Type not found' },
    ]);
  });

  test('keeps what is known of it', async () => {
    const { store, database } = await openTestStore(backing);
    await store.saveReferences([reference('type', 587, rifter)]);
    await store.postponeReferences([{ ...postponement, refused: true }], new Date(tomorrow));
    const [row] = await rowsOf(database, 'types', 'type_id');
    expect(row).toMatchObject({ name: 'Rifter', group_id: 25, fetched_at: noon, etag: '"1"', attempts: 1 });
    expect(jsonOf(row?.response)).toEqual(rifter);
    expect(await store.expiredReferences('type', [587], '2026-03-02T12:59:59Z')).toEqual([]);
    expect(await store.expiredReferences('type', [587], '2026-03-02T13:00:00Z')).toHaveLength(1);
  });

  test('counts from zero after a success', async () => {
    const { store, database } = await openTestStore(backing);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await store.postponeReferences([{ ...postponement, refused: true }], new Date(noon));
    }
    await store.saveReferences([reference('type', 587, rifter)]);
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([
      { attempts: 0, next_attempt_at: null, last_answer: null, name: 'Rifter' },
    ]);
  });

  test('may be a name, which keeps what is known of it as well', async () => {
    const { store, database } = await openTestStore(backing);
    await store.saveNames([{ id: 7, name: 'Chribba', category: 'character' }], noon);
    await store.postponeReferences([{ kind: 'name', id: 7, answer: 'not found', refused: true }], new Date(noon));
    await store.postponeReferences([{ kind: 'name', id: 8, answer: 'not found', refused: true }], new Date(noon));
    expect(await rowsOf(database, 'names', 'id')).toMatchObject([
      { id: 7, name: 'Chribba', category: 'character', attempts: 1 },
      { id: 8, name: null, category: null, attempts: 1, last_answer: 'not found' },
    ]);
  });
});

describe.each(backings)('names, on $name', (backing) => {
  test('are kept once where an answer has one twice, and no longer wait', async () => {
    const { store, database } = await openTestStore(backing);
    await store.postponeReferences([{ kind: 'name', id: 7, answer: 'not found', refused: true }], new Date(noon));
    const named = (id: number, name: string) => ({ id, name, category: 'character' });
    await store.saveNames([named(7, 'Old'), named(8, 'Other'), named(7, 'New')], noon);
    await store.saveNames([], noon);
    expect(await rowsOf(database, 'names', 'id')).toMatchObject([
      { ...named(7, 'New'), fetched_at: noon, attempts: 0, next_attempt_at: null, last_answer: null },
      { ...named(8, 'Other'), fetched_at: noon, attempts: 0, next_attempt_at: null, last_answer: null },
    ]);
  });
});
