import { beforeEach, describe, expect, test } from 'vitest';
import { compatibilityDate } from '../../src/esi/compatibility-date.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import { openTestClient } from '../helpers/client.ts';
import { forge } from '../helpers/esi-rows.ts';
import { retryAtOnce } from '../helpers/time.ts';

const rifter = 'universe/types/587';
const forgeList = `contracts/public/${forge}`;

beforeEach(retryAtOnce);

describe('a good answer', () => {
  test('comes with its validator, its generation and its number of pages', async () => {
    const esi = await openEsi({ regions: [forge], contracts: 25, pageSize: 10 });
    const answer = await openTestClient(esi).client.request(forgeList, { page: 3 });
    expect(answer).toMatchObject({ kind: 'ok', pages: 3, etag: expect.stringMatching(/^(W\/)?"/) });
    const lastModified = answer.kind === 'ok' ? Date.parse(answer.lastModified ?? '') : Number.NaN;
    expect(Math.abs(lastModified - Date.now())).toBeLessThan(60_000);
  });

  test('has null for headers that are absent, and for an X-Pages that is not a number', async () => {
    const esi = await openEsi({ regions: [forge], contracts: 5 });
    const headers = { ETag: null, 'Last-Modified': null, 'X-Pages': null };
    esi.faults.inject({ fault: { kind: 'headers', headers }, times: 1 });
    esi.faults.inject({ fault: { kind: 'headers', headers: { 'X-Pages': 'many' } } });
    const { client } = openTestClient(esi);
    expect(await client.request(forgeList)).toMatchObject({ kind: 'ok', etag: null, lastModified: null, pages: null });
    expect(await client.request(forgeList)).toMatchObject({ kind: 'ok', pages: null });
  });

  test('is not asked about again before it expires', async () => {
    const esi = await openEsi({ regions: [forge], lifetimes: { list: 900 } });
    const answer = await openTestClient(esi).client.request(forgeList);
    const seconds = answer.kind === 'refused' ? Number.NaN : (answer.expiresAt.getTime() - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(840);
    expect(seconds).toBeLessThanOrEqual(900);
  });
});

describe('a validator', () => {
  test('is sent as it came, and a 304 is an answer without a body', async () => {
    const esi = await openEsi({ regions: [forge], contracts: 100 });
    const { client } = openTestClient(esi);
    const first = await client.request(forgeList);
    const etag = first.kind === 'ok' ? first.etag : null;
    // Gzipped bodies have weak validators.
    expect(etag).toMatch(/^W\//);
    expect(await client.request(forgeList, { etag })).toMatchObject({ kind: 'not_modified', etag, pages: 1 });
    expect(esi.requests.all().map(({ conditional, status }) => [conditional, status])).toEqual([
      [false, 200],
      [true, 304],
    ]);
    expect(client.tally).toEqual({ total: 2, not_modified: 1, errors: 0 });
  });

  test('that is null is not sent', async () => {
    const esi = await openEsi();
    await openTestClient(esi).client.request(rifter, { etag: null });
    expect(esi.requests.count({ conditional: true })).toBe(0);
  });
});

describe('a final answer', () => {
  test.each([204, 400, 401, 403, 404, 422])('%i is not asked again', async (status) => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'status', status, body: { error: 'Not this one' } } });
    const { client } = openTestClient(esi);
    expect(await client.request(rifter)).toEqual({
      kind: 'refused',
      status,
      reason: status === 204 ? '' : 'Not this one',
      ...(status === 204 ? { expiresAt: expect.any(Date) } : {}),
    });
    expect(client.tally).toEqual({ total: 1, not_modified: 0, errors: status === 204 ? 0 : 1 });
    expect(client.answered).toBe(true);
  });

  test.each([
    [{ error: 'Contract not found!' }, 'Contract not found!'],
    [{ detail: 1 }, '{"detail":1}'],
    ['plain words', 'plain words'],
    ['line\nbreak \u001b[31m', 'line\\nbreak \\u001b[31m'],
    ['x'.repeat(1_000), 'x'.repeat(300)],
  ])('gives its reason in words that can be shown: %j', async (body, reason) => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'status', status: 404, body } });
    expect(await openTestClient(esi).client.request(rifter)).toMatchObject({ kind: 'refused', reason });
  });
});

describe('a redirect', () => {
  test.each([301, 302, 307, 308])('%i is refused, never followed', async (status) => {
    const esi = await openEsi();
    const headers = { Location: `${esi.url}/status` };
    esi.faults.inject({ match: { route: 'type' }, fault: { kind: 'status', status, body: '', headers } });
    await expect(openTestClient(esi).client.request(rifter)).rejects.toMatchObject({ name: 'EsiFault', status });
    expect(esi.requests.all().map(({ route }) => route)).toEqual(['type']);
  });
});

describe('every request', () => {
  test('says who asks, how to reach them, and which release of ESI it was written against', async () => {
    const esi = await openEsi();
    await openTestClient(esi, { contact: 'pilot@example.com' }).client.request(rifter);
    await openTestClient(esi).client.request('universe/names', { json: [587] });
    const [first, second] = esi.requests.all();
    expect(first?.userAgent).toMatch(/^hangarbay\/\d+\.\d+\.\d+\S* \(pilot@example\.com; \+https:\/\/\S+\)$/);
    expect(second?.userAgent).toMatch(/^hangarbay\/\S+ \(no contact given; \+https:\/\/\S+\)$/);
    expect([first?.compatibilityDate, second?.compatibilityDate]).toEqual([compatibilityDate, compatibilityDate]);
  });

  test("counts in the pass's tally and in the region's own", async () => {
    const esi = await openEsi({ regions: [forge] });
    const tally = { total: 0, not_modified: 0, errors: 0 };
    const { client } = openTestClient(esi);
    await client.request(rifter);
    esi.faults.inject({ fault: { kind: 'status', status: 404 }, times: 1 });
    await client.request(forgeList, { tally });
    await client.request(forgeList, { tally });
    expect(tally).toEqual({ total: 2, not_modified: 0, errors: 1 });
    expect(client.tally).toEqual({ total: 3, not_modified: 0, errors: 1 });
  });

  test('goes under the base URL, with or without a path', () => {
    const urls = ['http://127.0.0.1:1/proxy', 'http://127.0.0.1:1/proxy///'].map((url) =>
      openTestClient({ url }).client.urlOf('status', 2),
    );
    expect(urls).toEqual(['http://127.0.0.1:1/proxy/status?page=2', 'http://127.0.0.1:1/proxy/status?page=2']);
  });
});
