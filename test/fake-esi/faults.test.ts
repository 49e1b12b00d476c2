import { describe, expect, test } from 'vitest';
import { ask, contractIds, openEsi } from './open-esi.ts';
import type { Fault } from './types.ts';

const forge = 10000002;
const forgeList = `/contracts/public/${forge}`;
const rifter = '/universe/types/587';

/** The cause of a failed fetch. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
  }
}

describe('answers that are replaced', () => {
  const cases: { fault: Fault; status: number; text: string | RegExp; headers?: Record<string, string | null> }[] = [
    { fault: { kind: 'status', status: 500 }, status: 500, text: '{"error":"Injected 500"}' },
    {
      fault: {
        kind: 'status',
        status: 504,
        body: { error: 'Timeout contacting tranquility' },
        headers: { 'X-Odd': '1' },
      },
      status: 504,
      text: '{"error":"Timeout contacting tranquility"}',
      headers: { 'x-odd': '1', 'content-type': 'application/json' },
    },
    { fault: { kind: 'status', status: 503, body: 'busy' }, status: 503, text: 'busy' },
    { fault: { kind: 'status', status: 204 }, status: 204, text: '' },
    { fault: { kind: 'html' }, status: 502, text: /^<html>/, headers: { 'content-type': 'text/html' } },
    { fault: { kind: 'html', status: 200 }, status: 200, text: /<\/html>/ },
    { fault: { kind: 'empty' }, status: 200, text: '' },
    { fault: { kind: 'invalidJson' }, status: 200, text: /^\{"type_id":587,/ },
    { fault: { kind: 'body', value: [null, 7] }, status: 200, text: '[null,7]' },
    {
      fault: { kind: 'errorLimited', resetSeconds: 7 },
      status: 420,
      text: /^This software/,
      headers: { 'x-esi-error-limit-remain': '0', 'x-esi-error-limit-reset': '7', 'retry-after': null },
    },
    {
      fault: { kind: 'errorLimited', resetSeconds: null },
      status: 420,
      text: /^This software/,
      headers: { 'x-esi-error-limit-remain': null, 'x-esi-error-limit-reset': null },
    },
    { fault: { kind: 'rateLimited', retryAfter: '3' }, status: 429, text: /error/, headers: { 'retry-after': '3' } },
    { fault: { kind: 'rateLimited' }, status: 429, text: /error/, headers: { 'retry-after': null } },
    {
      fault: { kind: 'conStopSpamming' },
      status: 520,
      text: /ConStopSpamming, details: \{\\"remainingTime\\": 64226997\}/,
    },
  ];

  test.for(cases)('$fault', async ({ fault, status, text, headers = {} }) => {
    const esi = await openEsi();
    esi.faults.inject({ match: { route: 'type' }, fault });
    const answer = await ask(esi, rifter);
    expect(answer.status).toBe(status);
    expect(answer.text).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
    for (const [name, value] of Object.entries(headers)) {
      expect(answer.headers.get(name)).toBe(value);
    }
  });

  test('invalid JSON is complete by its length', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'invalidJson' } });
    const { text, json, headers } = await ask(esi, rifter, { headers: { 'Accept-Encoding': 'identity' } });
    expect([json, Number(headers.get('content-length'))]).toEqual([undefined, text.length]);
  });
});

describe('connections that break', () => {
  test('a truncated body', async () => {
    const esi = await openEsi({ contracts: 30, regions: [forge] });
    esi.faults.inject({ fault: { kind: 'truncate' } });
    const response = await fetch(`${esi.url}${forgeList}`);
    expect(response.status).toBe(200);
    expect(await failureOf(response.text())).not.toBe('none');
  });

  test('a reset', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'reset' } });
    expect(await failureOf(fetch(`${esi.url}${rifter}`))).toBe('ECONNRESET');
    expect(esi.requests.all().map(({ status }) => status)).toEqual([0]);
  });

  test('no answer at all', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'hang' } });
    const failure = await failureOf(fetch(`${esi.url}${rifter}`, { signal: AbortSignal.timeout(50) }));
    expect(failure).toMatch(/TimeoutError/);
  });

  test('a late answer', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'delay', milliseconds: 60 } });
    const start = performance.now();
    expect((await ask(esi, rifter)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
  });
});

describe('answers that are wrong', () => {
  test('X-Pages missing or wrong', async () => {
    const esi = await openEsi({ regions: [forge] });
    const missing = esi.faults.inject({ fault: { kind: 'missingPages' } });
    expect((await ask(esi, forgeList)).headers.has('x-pages')).toBe(false);
    missing.remove();
    esi.faults.inject({ fault: { kind: 'pages', pages: 9 } });
    expect((await ask(esi, forgeList)).headers.get('x-pages')).toBe('9');
  });

  test('Last-Modified of one page moved', async () => {
    const esi = await openEsi({ contracts: 15, pageSize: 10, regions: [forge] });
    esi.faults.inject({ match: { route: 'list', page: 2 }, fault: { kind: 'lastModified', shiftSeconds: -1800 } });
    const [first, second] = await Promise.all([ask(esi, forgeList), ask(esi, `${forgeList}?page=2`)]);
    const instant = (answer: typeof first) => Date.parse(answer?.headers.get('last-modified') ?? '');
    expect(instant(first) - instant(second)).toBe(1_800_000);
  });

  test('a contract of page 1 on page 2 as well', async () => {
    const esi = await openEsi({ contracts: 15, pageSize: 10, regions: [forge] });
    esi.faults.inject({ match: { page: 2 }, fault: { kind: 'duplicateContract' } });
    const [first, second] = await Promise.all([ask(esi, forgeList), ask(esi, `${forgeList}?page=2`)]);
    expect(contractIds(second.json)[0]).toBe(contractIds(first.json)[0]);
    expect(second.json).toHaveLength(6);
  });

  test('headers set and left out', async () => {
    const esi = await openEsi();
    const headers = { Expires: 'Thu, 01 Jan 1970 00:00:00 GMT', ETag: null };
    esi.faults.inject({ fault: { kind: 'headers', headers } });
    const answer = await ask(esi, rifter);
    expect(answer.headers.get('expires')).toBe(headers.Expires);
    expect(answer.headers.has('etag')).toBe(false);
  });

  test('any change of the body, with its own ETag', async () => {
    const esi = await openEsi();
    const right = await ask(esi, rifter);
    esi.faults.inject({ fault: { kind: 'transform', transform: (type) => ({ ...(type as object), surprise: true }) } });
    const wrong = await ask(esi, rifter, { headers: { 'If-None-Match': right.headers.get('etag') ?? '' } });
    expect(wrong.json).toEqual({ ...(right.json as object), surprise: true });
  });
});

describe('which requests a fault happens to', () => {
  test('only those that match in every field', async () => {
    const esi = await openEsi();
    const { contract } = esi.world.add({ type: 'item_exchange', region_id: forge });
    esi.faults.inject({ match: { route: 'items', region_id: forge }, fault: { kind: 'status', status: 500 } });
    esi.faults.inject({ match: { route: 'type', id: 587 }, fault: { kind: 'status', status: 502 } });
    expect((await ask(esi, `/contracts/public/items/${contract.contract_id}`)).status).toBe(500);
    expect((await ask(esi, forgeList)).status).toBe(200);
    expect((await ask(esi, rifter)).status).toBe(502);
    expect((await ask(esi, '/universe/types/603')).status).toBe(200);
  });

  test('a limited number of times, then the right answer', async () => {
    const esi = await openEsi();
    esi.faults.inject({ match: { route: 'any' }, fault: { kind: 'status', status: 503 }, times: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count++) {
      statuses.push((await ask(esi, rifter)).status);
    }
    expect(statuses).toEqual([503, 503, 200]);
  });

  test('as likely as asked for, the same for the same seed', async () => {
    const statusesOf = async (seed: number) => {
      const esi = await openEsi({ seed });
      esi.faults.inject({ fault: { kind: 'status', status: 204 }, probability: 0.5 });
      const statuses = [];
      for (let count = 0; count < 40; count++) {
        statuses.push((await ask(esi, rifter)).status);
      }
      return statuses;
    };
    const statuses = await statusesOf(3);
    expect(statuses.filter((status) => status === 204).length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(10);
    expect(await statusesOf(3)).toEqual(statuses);
  });

  test('several to one request: late, then refused; errors count, 420 does not', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'delay', milliseconds: 1 } });
    esi.faults.inject({ fault: { kind: 'status', status: 500 }, times: 1 });
    esi.faults.inject({ fault: { kind: 'errorLimited', resetSeconds: null }, times: 1 });
    expect((await ask(esi, rifter)).headers.get('x-esi-error-limit-remain')).toBe('99');
    expect((await ask(esi, rifter)).status).toBe(420);
    expect((await ask(esi, rifter)).headers.get('x-esi-error-limit-remain')).toBe('99');
    esi.faults.clear();
    expect((await ask(esi, rifter)).status).toBe(200);
  });
});
