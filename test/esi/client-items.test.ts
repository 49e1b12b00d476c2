import { beforeEach, describe, expect, test } from 'vitest';
import { rowsPerPage } from '../../src/esi/answer.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { StandInEsi } from '../fake-esi/types.ts';
import { openTestClient } from '../helpers/client.ts';
import { forge, itemRow } from '../helpers/esi-rows.ts';
import { retryAtOnce } from '../helpers/time.ts';

beforeEach(retryAtOnce);

/** A contract with this number of items. */
function contractWith(esi: StandInEsi, items: number): number {
  const { contract } = esi.world.add({ type: 'item_exchange', region_id: forge });
  const rows = Array.from({ length: items }, (_, index) => itemRow({ record_id: index + 1 }));
  esi.world.rawItems(contract.contract_id, rows);
  return contract.contract_id;
}

async function open(items: number, pageSize = rowsPerPage) {
  const esi = await openEsi({ regions: [forge], pageSize });
  return { esi, id: contractWith(esi, items), client: openTestClient(esi).client };
}

const records = (rows: readonly unknown[]) => rows.map((row) => (row as { record_id: number }).record_id);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('items over several pages', () => {
  test('are all of them, in order, each page asked for once', async () => {
    const { esi, id, client } = await open(25, 10);
    const answer = await client.contractItems(id);
    expect(answer.kind === 'ok' && records(answer.rows)).toEqual(upTo(25));
    expect(esi.requests.all().map(({ page }) => page)).toEqual([1, 2, 3]);
  });

  test('are a fault when one page cannot be fetched', async () => {
    const { esi, id, client } = await open(25, 10);
    esi.faults.inject({ match: { route: 'items', page: 2 }, fault: { kind: 'status', status: 500 } });
    await expect(client.contractItems(id)).rejects.toMatchObject({ name: 'EsiFault', status: 500 });
  });

  test('are all of them when a page comes at the second attempt', async () => {
    const { esi, id, client } = await open(25, 10);
    esi.faults.inject({ match: { route: 'items', page: 2 }, fault: { kind: 'truncate' }, times: 1 });
    const answer = await client.contractItems(id);
    expect(answer.kind === 'ok' && records(answer.rows)).toEqual(upTo(25));
  });

  test.each([
    ['the first page comes without rows', { page: 1 }, { kind: 'body', value: [] }],
    ['the last page comes without rows', { page: 3 }, { kind: 'body', value: [] }],
    ['a page comes short', { page: 2 }, { kind: 'transform', transform: (body: unknown) => [body].flat().slice(1) }],
    ['a page tells another number of pages', { page: 2 }, { kind: 'pages', pages: 2 }],
    ['a page does not tell the number of pages', { page: 2 }, { kind: 'missingPages' }],
  ] as const)('are a fault when %s: they never change', async (_what, match, fault) => {
    const { esi, id, client } = await open(25, 10);
    esi.faults.inject({ match: { route: 'items', ...match }, fault });
    await expect(client.contractItems(id)).rejects.toMatchObject({ name: 'EsiFault', status: 200 });
  });

  test('are refused when a page that was announced is', async () => {
    const { esi, id, client } = await open(25, 10);
    esi.faults.inject({ match: { route: 'items', page: 3 }, fault: { kind: 'status', status: 404 } });
    expect(await client.contractItems(id)).toMatchObject({ kind: 'refused', status: 404 });
  });
});

describe('items without X-Pages', () => {
  const withoutPages = { match: { route: 'items' }, fault: { kind: 'missingPages' } } as const;

  test('are one page where it is not full', async () => {
    const { esi, id, client } = await open(5);
    esi.faults.inject(withoutPages);
    expect(await client.contractItems(id)).toMatchObject({ kind: 'ok', rows: { length: 5 } });
    expect(esi.requests.count()).toBe(1);
  });

  test('go on after a page that is full', async () => {
    const { esi, id, client } = await open(rowsPerPage + 3);
    esi.faults.inject(withoutPages);
    const answer = await client.contractItems(id);
    expect(answer.kind === 'ok' && records(answer.rows)).toEqual(upTo(rowsPerPage + 3));
    expect(esi.requests.count()).toBe(2);
  });

  test('end where the page after a full one does not exist', async () => {
    const { esi, id, client } = await open(rowsPerPage);
    esi.faults.inject(withoutPages);
    expect(await client.contractItems(id)).toMatchObject({ kind: 'ok', rows: { length: rowsPerPage } });
    expect(esi.requests.all().map(({ page, status }) => [page, status])).toEqual([
      [1, 200],
      [2, 404],
    ]);
  });
});

describe('items that make no sense', () => {
  test.each([{ kind: 'body', value: { record_id: 1 } } as const, { kind: 'body', value: null } as const])(
    'are a fault: $value',
    async (fault) => {
      const { esi, id, client } = await open(1);
      esi.faults.inject({ fault });
      await expect(client.contractItems(id)).rejects.toMatchObject({ name: 'EsiFault', status: 200 });
    },
  );

  test('are a fault where ESI says 304 unasked', async () => {
    const { esi, id, client } = await open(1);
    esi.faults.inject({ fault: { kind: 'status', status: 304 } });
    await expect(client.contractItems(id)).rejects.toMatchObject({ name: 'EsiFault', status: 304 });
  });
});

test("a contract that is gone is refused in ESI's words", async () => {
  const esi = await openEsi({ regions: [forge] });
  const { contract } = esi.world.add({ type: 'item_exchange', region_id: forge });
  esi.world.complete(contract.contract_id, 403);
  expect(await openTestClient(esi).client.contractItems(contract.contract_id)).toEqual({
    kind: 'refused',
    status: 403,
    reason: 'Contract accepted by player, requires authorization',
  });
});
