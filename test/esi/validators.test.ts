import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { describe, expect, test } from 'vitest';
import { openValidators, type PageValidator } from '../../src/validators/validators.ts';

const url = 'http://127.0.0.1/contracts/public/10000002?page=1';
const otherUrl = 'http://127.0.0.1/contracts/public/10000002?page=2';
const page: PageValidator = {
  etag: 'W/"7d2"',
  last_modified: 'Sun, 01 Mar 2026 12:00:00 GMT',
  expires_at: '2026-03-01T12:30:00.250Z',
  pages: 2,
  contract_ids: [227_000_001, 227_000_002],
  quarantined: ['row:10000002:7d2'],
};

/** A store in memory with the required operations only. */
function storeOf(entries: Map<string, string>, failure?: () => Error | undefined): KeyvStoreAdapter {
  function work<Result>(result: () => Result): Promise<Result> {
    const error = failure?.();
    return error === undefined ? Promise.resolve(result()) : Promise.reject(error);
  }
  const named = (name: string) => `${adapter.namespace}::${name}`;
  const adapter: KeyvStoreAdapter = {
    opts: {},
    get: <Value>(name: string) => work(() => entries.get(named(name)) as StoredData<Value> | undefined),
    getMany: <Value>(names: string[]) =>
      work(() => names.map((name) => entries.get(named(name)) as StoredData<Value | undefined>)),
    set: (name: string, content: string) => work(() => entries.set(named(name), content)),
    delete: (name: string) => work(() => entries.delete(named(name))),
    clear: () => work(() => entries.clear()),
    on: () => adapter,
  };
  return adapter;
}

function open(entries: Map<string, string>, identity = 'identity', failure?: () => Error | undefined) {
  const failures: string[] = [];
  const onFailure = (message: string) => failures.push(message);
  return { validators: openValidators({ store: storeOf(entries, failure), identity, onFailure }), failures };
}

describe('what is written', () => {
  test('is read again, in the order that is asked for, absent pages included', async () => {
    const { validators } = open(new Map());
    await validators.write(url, page);
    await validators.write(otherUrl, { ...page, etag: null, last_modified: null, pages: null, contract_ids: [] });
    const read = await validators.read([otherUrl, 'http://127.0.0.1/none', url]);
    expect(read.map((entry) => entry?.contract_ids)).toEqual([[], undefined, page.contract_ids]);
    expect(read[2]).toEqual(page);
  });

  test('replaces what was there', async () => {
    const { validators } = open(new Map());
    await validators.write(url, page);
    await validators.write(url, { ...page, etag: '"new"' });
    expect((await validators.read([url]))[0]?.etag).toBe('"new"');
  });

  test('is there for the next pass', async () => {
    const entries = new Map<string, string>();
    await open(entries).validators.write(url, page);
    expect(await open(entries).validators.read([url])).toEqual([page]);
  });

  test('is not seen under another identity', async () => {
    const entries = new Map<string, string>();
    await open(entries, 'one').validators.write(url, page);
    expect(await open(entries, 'two').validators.read([url])).toEqual([undefined]);
  });

  test('is held without end, though the content expires', async () => {
    const entries = new Map<string, string>();
    await open(entries).validators.write(url, { ...page, expires_at: '2001-01-01T00:00:00.000Z' });
    expect((await open(entries).validators.read([url]))[0]?.etag).toBe(page.etag);
  });
});

describe('an entry that makes no sense', () => {
  const garbled: [string, string][] = [
    ['no JSON', '{"value":'],
    ['no value', '{}'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a value that is no page', '{"value":7}'],
    ['a page without its contracts', JSON.stringify({ value: { ...page, contract_ids: undefined } })],
    ['a page with contracts that are no ids', JSON.stringify({ value: { ...page, contract_ids: ['1'] } })],
    ['a page without an expiry', JSON.stringify({ value: { ...page, expires_at: 'soon' } })],
  ];

  test.each(garbled)('is as good as absent: %s', async (_what, content) => {
    const entries = new Map<string, string>();
    await open(entries).validators.write(url, page);
    for (const key of entries.keys()) entries.set(key, content);
    expect(await open(entries).validators.read([url])).toEqual([undefined]);
  });

  test.each(garbled)('is replaced by the next write: %s', async (_what, content) => {
    const entries = new Map<string, string>();
    await open(entries).validators.write(url, page);
    for (const key of entries.keys()) entries.set(key, content);
    const { validators } = open(entries);
    await validators.read([url]);
    await validators.write(url, page);
    expect(await open(entries).validators.read([url])).toEqual([page]);
  });

  test('costs the other pages nothing', async () => {
    const entries = new Map<string, string>();
    await open(entries).validators.write(url, page);
    for (const key of entries.keys()) entries.set(key, '{"value":');
    await open(entries).validators.write(otherUrl, page);
    expect(await open(entries).validators.read([url, otherUrl])).toEqual([undefined, page]);
  });
});

describe('a store that fails', () => {
  test('is reported once, and then not used any more', async () => {
    let calls = 0;
    const { validators, failures } = open(new Map(), 'identity', () => {
      calls += 1;
      return new Error('connection refused');
    });
    expect(await validators.read([url, otherUrl])).toEqual([undefined, undefined]);
    expect(await validators.read([url])).toEqual([undefined]);
    await validators.write(url, page);
    expect(failures).toEqual(['connection refused']);
    expect(calls).toBe(1);
  });

  test('fails no pass when writing either', async () => {
    const { validators, failures } = open(new Map(), 'identity', () => new Error('disk full'));
    await validators.write(url, page);
    await validators.write(otherUrl, page);
    expect(failures).toEqual(['disk full']);
  });
});

test('nothing is asked of the store where no page is asked for', async () => {
  const { validators, failures } = open(new Map(), 'identity', () => new Error('connection refused'));
  expect(await validators.read([])).toEqual([]);
  expect(failures).toEqual([]);
});
