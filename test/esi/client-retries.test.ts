import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EsiFault } from '../../src/esi/answer.ts';
import { StopError } from '../../src/process/stop.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { Fault } from '../fake-esi/types.ts';
import { openTestClient } from '../helpers/client.ts';
import { forge } from '../helpers/esi-rows.ts';
import { pauses } from '../helpers/instant-sleep.ts';
import { retryAtOnce, stopTime } from '../helpers/time.ts';

const rifter = 'universe/types/587';

beforeEach(retryAtOnce);

describe('an answer that is good after a fault', () => {
  test.each<[string, Fault]>([
    ['a 500', { kind: 'status', status: 500 }],
    ['a 502 of a load balancer in HTML', { kind: 'html' }],
    ['a 503', { kind: 'status', status: 503, body: 'busy' }],
    ['a 504', { kind: 'status', status: 504, body: { error: 'Timeout contacting tranquility' } }],
    ['a 520', { kind: 'status', status: 520 }],
    ['a 408', { kind: 'status', status: 408 }],
    ['a 200 in HTML', { kind: 'html', status: 200 }],
    ['an empty body', { kind: 'empty' }],
    ['a body that stops being JSON', { kind: 'invalidJson' }],
    ['a body that is cut off', { kind: 'truncate' }],
    ['a connection that is reset', { kind: 'reset' }],
  ])('%s is asked again', async (_what, fault) => {
    const esi = await openEsi({ regions: [forge] });
    esi.faults.inject({ fault, times: 2 });
    const { client } = openTestClient(esi);
    const answer = await client.request(rifter);
    expect(answer).toMatchObject({ kind: 'ok', body: { type_id: 587, name: 'Rifter' } });
    expect(esi.requests.count()).toBe(3);
    expect(client.tally).toEqual({ total: 3, not_modified: 0, errors: 2 });
  });

  test('a question with a body is asked again with it', async () => {
    const esi = await openEsi({ regions: [forge] });
    esi.faults.inject({ fault: { kind: 'status', status: 502 }, times: 1 });
    const answer = await openTestClient(esi).client.request('universe/names', { json: [forge] });
    expect(answer).toMatchObject({ kind: 'ok', body: [{ id: forge, name: 'The Forge' }] });
  });

  test('a cut body that was gzipped is asked again', async () => {
    const esi = await openEsi({ regions: [forge], contracts: 100 });
    esi.faults.inject({ fault: { kind: 'truncate' }, times: 1 });
    const answer = await openTestClient(esi).client.request(`contracts/public/${forge}`);
    expect(answer.kind === 'ok' && answer.body).toHaveLength(100);
    expect(esi.requests.count()).toBe(2);
  });
});

describe('an answer that comes byte by byte', () => {
  test('is given up when it takes too long as a whole, and asked for again', async () => {
    const esi = await openEsi({ regions: [forge] });
    esi.faults.inject({ fault: { kind: 'drip', milliseconds: 20 }, times: 1 });
    const { client } = openTestClient(esi, { attemptMilliseconds: 1_000 });
    expect(await client.request(rifter)).toMatchObject({ kind: 'ok', body: { type_id: 587 } });
    expect(esi.requests.count()).toBe(2);
    expect(client.tally).toEqual({ total: 2, not_modified: 0, errors: 1 });
  });

  test('is a fault that says so where it never comes sooner', async () => {
    const esi = await openEsi({ regions: [forge] });
    esi.faults.inject({ fault: { kind: 'drip', milliseconds: 20 } });
    const { client } = openTestClient(esi, { attemptMilliseconds: 50 });
    await expect(client.request(rifter)).rejects.toMatchObject({
      name: 'EsiFault',
      status: null,
      message: `${rifter}: The operation was aborted due to timeout`,
    });
    expect(esi.requests.count()).toBe(4);
  });

  test('is waited for while there is time', async () => {
    const esi = await openEsi({ regions: [forge] });
    esi.faults.inject({ fault: { kind: 'drip', milliseconds: 1 } });
    await expect(openTestClient(esi).client.request(rifter)).resolves.toMatchObject({ kind: 'ok' });
    expect(esi.requests.count()).toBe(1);
  });
});

describe('an answer that does not become good', () => {
  test('is a fault with the status, the route, the page and the words of the last answer', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'status', status: 504, body: { error: 'Timeout contacting tranquility' } } });
    const { client } = openTestClient(esi);
    const fault: unknown = await client.request(rifter, { page: 7 }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(EsiFault);
    expect(fault).toMatchObject({ status: 504, message: `${rifter} page 7: 504 Timeout contacting tranquility` });
    expect(esi.requests.count()).toBe(4);
    expect(client.tally).toEqual({ total: 4, not_modified: 0, errors: 4 });
    expect(client.answered).toBe(false);
  });

  test('is a fault without a status where there was no answer', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'reset' } });
    await expect(openTestClient(esi).client.request(rifter)).rejects.toMatchObject({ name: 'EsiFault', status: null });
  });

  test('is a fault when no server listens', async () => {
    const esi = await openEsi();
    await esi.close();
    const { client } = openTestClient({ url: esi.url });
    await expect(client.request(rifter)).rejects.toMatchObject({ name: 'EsiFault', status: null });
    expect(client.tally).toEqual({ total: 4, not_modified: 0, errors: 4 });
  });

  test('tells a body of control characters visibly, so that every database can hold it', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'status', status: 200, body: '\0\u001b[2J' } });
    const fault: unknown = await openTestClient(esi)
      .client.request(rifter)
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(EsiFault);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect((fault as EsiFault).message).not.toMatch(/[\0\u001b]/);
  });
});

describe('a limit', () => {
  test.each<[string, Fault, number]>([
    ['420', { kind: 'errorLimited', resetSeconds: 7 }, 7_000],
    ['420 without a header', { kind: 'errorLimited', resetSeconds: null }, 60_000],
    ['429', { kind: 'rateLimited', retryAfter: '3' }, 3_000],
  ])('%s is waited for, and the question asked again', async (_what, fault, pause) => {
    stopTime();
    pauses.length = 0;
    const esi = await openEsi();
    esi.faults.inject({ fault, times: 1 });
    await expect(openTestClient(esi).client.request(rifter)).resolves.toMatchObject({ kind: 'ok' });
    expect(pauses).toEqual([pause]);
    expect(esi.requests.count()).toBe(2);
  });

  test('ConStopSpamming to one request is not a limit: it is retried like after any other fault', async () => {
    stopTime();
    pauses.length = 0;
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'conStopSpamming', remainingMicroseconds: 60_000_000 }, times: 1 });
    await expect(openTestClient(esi).client.request(rifter)).resolves.toMatchObject({ kind: 'ok' });
    expect(pauses).toEqual([]);
    expect(esi.requests.count()).toBe(2);
  });

  test('that does not end ends the pass, after two pauses', async () => {
    const esi = await openEsi();
    stopTime();
    esi.faults.inject({ fault: { kind: 'rateLimited', retryAfter: 'Infinity' } });
    await expect(openTestClient(esi).client.request(rifter)).rejects.toMatchObject({
      name: 'StopError',
      cause: 'limited',
    });
    expect(esi.requests.count()).toBe(3);
  });
});

describe('the end of the pass', () => {
  test('ends a request under way, and is not a fault of it', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'hang' } });
    const { client, stop } = openTestClient(esi);
    const reason = new StopError('signal', 'SIGINT');
    const asked = client.request(rifter);
    await vi.waitUntil(() => esi.requests.length === 1);
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(client.tally).toEqual({ total: 1, not_modified: 0, errors: 0 });
  });

  test('ends the retries when the greatest number of requests is reached', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'status', status: 500 } });
    const { client } = openTestClient(esi, { maxRequests: 2 });
    await expect(client.request(rifter)).rejects.toMatchObject({ name: 'StopError', cause: 'max_requests' });
    expect(esi.requests.count()).toBe(2);
  });

  test('is kept when many questions are asked in one moment', async () => {
    const esi = await openEsi();
    const { client } = openTestClient(esi, { maxRequests: 3 });
    const asked = await Promise.allSettled(Array.from({ length: 15 }, () => client.request(rifter)));
    expect(esi.requests.count()).toBe(3);
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });
});
