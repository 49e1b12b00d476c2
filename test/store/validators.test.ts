import { Keyv } from 'keyv';
import { describe, expect, test } from 'vitest';
import { openLocked } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { rowsOf } from '../helpers/tables.ts';

/** As a pass opens it: the table adds the namespace of the Keyv that was opened last. */
const keyvOf = (store: Store, namespace: string) =>
  new Keyv<string>({ store: store.validators, namespace, useKeyPrefix: false, throwOnErrors: true });

describe.each(backings)('validators, on $name', (backing) => {
  test('are read as they were written, in the order asked for', async () => {
    const { store } = await openTestStore(backing);
    const keyv = keyvOf(store, 'one');
    await keyv.set('http://127.0.0.1/a?page=1', 'ÄÖ 🚀 "quoted"');
    await keyv.set('http://127.0.0.1/a?page=2', 'second');
    await keyv.set('http://127.0.0.1/a?page=2', 'replaced');
    expect(await keyv.get('http://127.0.0.1/a?page=1')).toBe('ÄÖ 🚀 "quoted"');
    const many = ['http://127.0.0.1/a?page=2', 'http://127.0.0.1/none', 'http://127.0.0.1/a?page=1'];
    expect(await keyv.get(many)).toEqual(['replaced', undefined, 'ÄÖ 🚀 "quoted"']);
    expect(await keyv.get('http://127.0.0.1/none')).toBeUndefined();
  });

  test('of two databases in one place do not see each other', async () => {
    const { store, database } = await openTestStore(backing);
    await keyvOf(store, 'one').set('key', 'of one');
    expect(await keyvOf(store, 'two').get('key')).toBeUndefined();
    await keyvOf(store, 'two').set('key', 'of two');
    expect(await keyvOf(store, 'one').get('key')).toBe('of one');
    const keys = (await rowsOf(database, 'http_validators', 'key')).map(({ key }) => key);
    expect(keys).toEqual([expect.stringMatching(/^one:+key$/), expect.stringMatching(/^two:+key$/)]);
  });

  test('are deleted one by one, or all of one database', async () => {
    const { store } = await openTestStore(backing);
    await keyvOf(store, 'one').set('key', 'kept');
    const keyv = keyvOf(store, 'two');
    await keyv.set('key', 'deleted');
    expect(await keyv.delete('key')).toBe(true);
    expect(await keyv.delete('key')).toBe(false);
    await keyv.set('other', 'cleared');
    await keyv.clear();
    expect(await keyv.get('other')).toBeUndefined();
    expect(await keyvOf(store, 'one').get('key')).toBe('kept');
  });

  test('of a thousand pages are read at once', async () => {
    const { store } = await openTestStore(backing);
    const keyv = keyvOf(store, 'one');
    await keyv.set('999', 'the last');
    const values = await keyv.get(Array.from({ length: 1_000 }, (_, index) => String(index)));
    expect(values[999]).toBe('the last');
    expect(values.filter((value) => value !== undefined)).toHaveLength(1);
  });
});

describe.each(backings)('the identity of a database, on $name', (backing) => {
  test('stays the same from pass to pass', async () => {
    const { store, close, database } = await openTestStore(backing);
    await close();
    const again = await openLocked(database.location);
    const { identity } = again.store;
    await again.close();
    expect(identity).toBe(store.identity);
  });

  test('is that of no other database', async () => {
    const first = await openTestStore(backing);
    const second = await openTestStore(backing);
    expect(second.store.identity).not.toBe(first.store.identity);
  });
});
