import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ask, contractIds, openEsi } from './open-esi.ts';

const forge = 10000002;
const forgeList = `/contracts/public/${forge}`;

/** A date in the headers of an answer, in milliseconds. */
const instant = (answer: { headers: Headers }, header: string) => Date.parse(answer.headers.get(header) ?? '');

describe('pages', () => {
  test('a list is served in pages of contracts in rising order', async () => {
    const esi = await openEsi({ contracts: 50, pageSize: 20, regions: [forge] });
    const pages = await Promise.all([1, 2, 3].map((page) => ask(esi, `${forgeList}?page=${page}`)));
    expect(pages.map(({ headers }) => headers.get('x-pages'))).toEqual(['3', '3', '3']);
    expect(new Set(pages.map(({ headers }) => headers.get('last-modified'))).size).toBe(1);
    expect(pages.flatMap(({ json }) => contractIds(json))).toEqual(
      esi.world.list().map(({ contract }) => contract.contract_id),
    );
  });

  test('a page past the end is a 404 and an error', async () => {
    const esi = await openEsi({ contracts: 5, regions: [forge] });
    const { status, json, headers } = await ask(esi, `${forgeList}?page=2`);
    expect({ status, json }).toEqual({ status: 404, json: { error: 'Requested page does not exist!' } });
    expect(headers.get('x-esi-error-limit-remain')).toBe('99');
  });

  test('pages that are no positive numbers are refused', async () => {
    const esi = await openEsi();
    expect((await ask(esi, `${forgeList}?page=0`)).status).toBe(400);
    expect((await ask(esi, `${forgeList}?page=two`)).status).toBe(400);
  });

  test('a region without contracts has one empty page, an unknown region none', async () => {
    const esi = await openEsi();
    const empty = await ask(esi, '/contracts/public/11000001');
    expect([empty.status, empty.json, empty.headers.get('x-pages')]).toEqual([200, [], '1']);
    expect((await ask(esi, '/contracts/public/10000024')).json).toEqual({ error: 'Region not found' });
  });

  test('more than a page of items are served in pages', async () => {
    const esi = await openEsi({ pageSize: 2 });
    const { contract, items } = esi.world.add({
      type: 'item_exchange',
      items: [587, 587, 34].map((type_id) => ({ type_id })),
    });
    const path = `/contracts/public/items/${contract.contract_id}`;
    const pages = await Promise.all([ask(esi, path), ask(esi, `${path}?page=2`)]);
    expect(pages.flatMap(({ json }) => json)).toEqual(items);
    expect(pages.map(({ headers }) => headers.get('x-pages'))).toEqual(['2', '2']);
  });
});

describe('caching', () => {
  test('a generation stays as it is until it expires by the clock', async () => {
    const esi = await openEsi({ contracts: 3, regions: [forge] });
    const first = await ask(esi, forgeList);
    const { contract } = esi.world.add();
    esi.clock.advance(1_700_000);
    const later = await ask(esi, forgeList);
    expect(later.text).toBe(first.text);
    expect(instant(later, 'last-modified')).toBe(instant(first, 'last-modified'));
    expect(instant(first, 'expires') - instant(first, 'last-modified')).toBe(1_800_000);
    esi.clock.advance(100_000);
    const next = await ask(esi, forgeList);
    expect(contractIds(next.json)).toContain(contract.contract_id);
    expect(instant(next, 'last-modified')).toBeGreaterThanOrEqual(instant(first, 'expires'));
  });

  test('a page whose rows did not change answers 304 with the headers of its new generation', async () => {
    const esi = await openEsi({ contracts: 3, regions: [forge] });
    const first = await ask(esi, forgeList);
    const etag = first.headers.get('etag') ?? '';
    esi.clock.advance(1_800_000);
    const again = await ask(esi, forgeList, { headers: { 'If-None-Match': etag } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(again.headers.get('x-pages')).toBe('1');
    expect(instant(again, 'last-modified') - instant(first, 'last-modified')).toBeGreaterThanOrEqual(1_800_000);
    expect(esi.requests.count({ conditional: true, status: 304 })).toBe(1);
  });

  test('ETags are weak with gzip, strong without, and fit only what they came with', async () => {
    const esi = await openEsi({ contracts: 30, regions: [forge] });
    const plain = await ask(esi, forgeList, { headers: { 'Accept-Encoding': 'identity' } });
    const gzipped = await ask(esi, forgeList, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(gzipped.headers.get('content-encoding')).toBe('gzip');
    expect(gzipped.text).toBe(plain.text);
    expect(gzipped.headers.get('etag')).toBe(`W/${plain.headers.get('etag')}`);
    const headers = { 'Accept-Encoding': 'gzip', 'If-None-Match': plain.headers.get('etag') ?? '' };
    expect((await ask(esi, forgeList, { headers })).status).toBe(200);
  });

  test('regenerating by hand moves Last-Modified even within a second', async () => {
    const esi = await openEsi({ contracts: 3, regions: [forge] });
    const first = await ask(esi, forgeList);
    esi.world.add();
    esi.world.regenerate(forge);
    const second = await ask(esi, forgeList);
    expect(contractIds(second.json)).toHaveLength(4);
    expect(second.headers.get('last-modified')).not.toBe(first.headers.get('last-modified'));
  });

  test('static routes live until 11:05', async () => {
    const esi = await openEsi({ now: new Date('2026-09-01T11:00:00Z') });
    const { headers } = await ask(esi, '/universe/types/587');
    expect(headers.get('last-modified')).toBe('Mon, 31 Aug 2026 11:05:00 GMT');
    expect(headers.get('expires')).toBe('Tue, 01 Sep 2026 11:05:00 GMT');
    expect(headers.get('date')).toMatch(/^Tue, 01 Sep 2026 11:0/);
  });

  test('bids stay as they are for five minutes', async () => {
    const esi = await openEsi();
    const { contract } = esi.world.add({ contract_id: 300_000_000, type: 'auction', bids: [] });
    const path = `/contracts/public/bids/${contract.contract_id}`;
    expect((await ask(esi, path)).json).toEqual([]);
    const bid = esi.world.bid(contract.contract_id, 5_000_000);
    expect((await ask(esi, path)).json).toEqual([]);
    esi.clock.advance(300_000);
    expect((await ask(esi, path)).json).toEqual([bid]);
  });
});

describe('limits', () => {
  test('errors count down to 420 on every route, until the window ends', async () => {
    const esi = await openEsi({ errorLimit: { limit: 2, windowSeconds: 60 } });
    expect((await ask(esi, '/universe/types/1')).headers.get('x-esi-error-limit-remain')).toBe('1');
    expect((await ask(esi, '/nowhere')).headers.get('x-esi-error-limit-remain')).toBe('0');
    for (const path of ['/status', '/universe/types/587', forgeList]) {
      const { status, text, headers } = await ask(esi, path);
      expect(status).toBe(420);
      expect(text).toMatch(/^This software has exceeded the error limit for ESI\./);
      expect(headers.get('x-esi-error-limit-remain')).toBe('0');
      expect(Number(headers.get('x-esi-error-limit-reset'))).toBeGreaterThan(50);
    }
    esi.clock.advance(60_000);
    expect((await ask(esi, '/universe/types/587')).status).toBe(200);
  });

  test('the newer routes have tokens instead', async () => {
    const esi = await openEsi();
    const { headers } = await ask(esi, '/status');
    expect(headers.get('x-ratelimit-limit')).toBe('600/15m');
    expect(headers.get('x-ratelimit-remaining')).toBe('598');
    expect(headers.has('x-esi-error-limit-remain')).toBe(false);
  });

  test('spent tokens are a 429 with the seconds to wait', async () => {
    const esi = await openEsi();
    for (let count = 0; count < 75; count++) {
      await ask(esi, '/meta/compatibility-dates');
    }
    const { status, headers } = await ask(esi, '/meta/compatibility-dates');
    expect([status, Number(headers.get('retry-after')) > 800]).toEqual([429, true]);
  });
});

describe('names', () => {
  const post = (ids: unknown) => ({ method: 'POST', body: JSON.stringify(ids) });

  test('one unknown id fails the batch, and halving the batch finds it', async () => {
    const esi = await openEsi({ contracts: 100 });
    const ids = [...esi.universe.names.keys()].slice(-60);
    const deleted = ids[41] ?? 0;
    esi.world.forgetName(deleted);
    const failing = async (batch: number[]): Promise<number[]> => {
      const { status } = await ask(esi, '/universe/names', post(batch));
      if (status === 200 || batch.length === 1) {
        return status === 200 ? [] : batch;
      }
      const middle = Math.ceil(batch.length / 2);
      return [...(await failing(batch.slice(0, middle))), ...(await failing(batch.slice(middle)))];
    };
    expect(await failing(ids)).toEqual([deleted]);
  });

  test('resolves what ESI resolves, and nothing else', async () => {
    const esi = await openEsi();
    const { json } = await ask(esi, '/universe/names', post([60003760, 587]));
    expect(json).toContainEqual({
      id: 60003760,
      name: 'Jita IV - Moon 4 - Caldari Navy Assembly Plant',
      category: 'station',
    });
    const unresolvable = [25, 6, 64, 1_035_000_000_000];
    const statuses = await Promise.all(
      unresolvable.map(async (id) => (await ask(esi, '/universe/names', post([id]))).status),
    );
    expect(statuses).toEqual([404, 404, 404, 404]);
  });

  test.for([
    { title: 'no ids', ids: [] },
    { title: 'an id twice', ids: [587, 587] },
    { title: 'more than 1000 ids', ids: Array.from({ length: 1001 }, (_, id) => id) },
    { title: 'no array', ids: 587 },
  ])('refuses $title', async ({ ids }) => {
    const esi = await openEsi();
    expect((await ask(esi, '/universe/names', post(ids))).status).toBe(400);
  });
});

test('HEAD has the headers of GET and no body', async () => {
  const esi = await openEsi({ contracts: 3, regions: [forge] });
  const head = await ask(esi, forgeList, { method: 'HEAD' });
  expect([head.status, head.text, head.headers.get('x-pages')]).toEqual([200, '', '1']);
});

test('the log of requests tells what was asked', async () => {
  const esi = await openEsi();
  const headers = { 'User-Agent': 'somebody/1', 'X-Compatibility-Date': '2026-08-18' };
  const { contract, region_id } = esi.world.add({ type: 'item_exchange' });
  const asked = await ask(esi, `/contracts/public/items/${contract.contract_id}?page=1`, { headers });
  expect(asked.headers.get('x-compatibility-date')).toBe('2020-01-01');
  expect(esi.requests.all({ route: 'items' })).toMatchObject([
    {
      status: 200,
      contract_id: contract.contract_id,
      region_id,
      userAgent: 'somebody/1',
      compatibilityDate: '2026-08-18',
    },
  ]);
  esi.requests.clear();
  expect(esi.requests.length).toBe(0);
});

test('a slash at the end makes no difference', async () => {
  const esi = await openEsi();
  expect((await ask(esi, '/universe/types/587/')).json).toMatchObject({ name: 'Rifter', group_id: 25 });
});

test('closing ends requests that hang', async () => {
  const esi = await openEsi();
  esi.faults.inject({ fault: { kind: 'hang' } });
  const ended = new Promise<string>((resolve) => {
    request(`${esi.url}/status`)
      .once('error', ({ message }) => resolve(message))
      .end();
  });
  while (esi.requests.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await esi.close();
  expect(await ended).toMatch(/hang up|ECONNRESET/);
});
