import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { openTestClient, type TestClient } from '../helpers/client.ts';
import { retryAtOnce } from '../helpers/time.ts';

beforeEach(retryAtOnce);

/** Sends requests that fail, with four attempts each. */
async function askInVain({ client }: TestClient, questions: number): Promise<void> {
  const asked = Array.from({ length: questions }, (_, index) => client.request(`universe/types/${index}`));
  await Promise.allSettled(asked);
}

describe('failure after failure', () => {
  test('on every route is an outage, reported once', async () => {
    const esi = await openEsi();
    esi.faults.inject({ fault: { kind: 'html' } });
    const test = openTestClient(esi);
    await askInVain(test, 15);
    await vi.waitUntil(() => test.outages() > 0);
    await askInVain(test, 15);
    expect(test.outages()).toBe(1);
    expect(esi.requests.count({ route: 'status' })).toBe(4);
  });

  test('is an outage when no server listens', async () => {
    const esi = await openEsi();
    await esi.close();
    const test = openTestClient({ url: esi.url });
    await askInVain(test, 10);
    await vi.waitUntil(() => test.outages() > 0);
  });

  test('is not an outage while the status route answers', async () => {
    const esi = await openEsi();
    esi.faults.inject({ match: { route: 'type' }, fault: { kind: 'status', status: 500 } });
    const test = openTestClient(esi);
    await askInVain(test, 8);
    await vi.waitUntil(() => esi.requests.count({ route: 'status', status: 200 }) > 0);
    expect(test.outages()).toBe(0);
    await expect(test.client.request('universe/regions')).resolves.toMatchObject({ kind: 'ok' });
  });

  test('is not asked about while answers come between', async () => {
    const esi = await openEsi({ errorLimit: { limit: 1_000, windowSeconds: 60 } });
    esi.faults.inject({ match: { route: 'type' }, fault: { kind: 'status', status: 500 } });
    const test = openTestClient(esi);
    for (let round = 0; round < 6; round += 1) {
      await askInVain(test, 4);
      await test.client.request('universe/regions');
    }
    expect(esi.requests.count({ route: 'type' })).toBe(96);
    expect(esi.requests.count({ route: 'status' })).toBe(0);
  });

  test('of final answers is not an outage', async () => {
    const esi = await openEsi();
    const test = openTestClient(esi);
    await askInVain(test, 30);
    expect(esi.requests.count({ route: 'type', status: 404 })).toBe(30);
    expect(esi.requests.count({ route: 'status' })).toBe(0);
  });
});
