import { describe, expect, test } from 'vitest';
import { rowsPerPage } from '../../src/esi/answer.ts';
import { parseBid } from '../../src/esi/routes/contract-bids.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { BidRow, Given } from '../fake-esi/types.ts';
import { openTestClient } from '../helpers/client.ts';
import { forge } from '../helpers/esi-rows.ts';
import { advance, retryAtOnce, stopTime } from '../helpers/time.ts';

const bid = { bid_id: 2 ** 33, amount: 1_500_000.01, date_bid: '2026-03-01T12:00:00Z' };

test("a bid is taken over with ESI's names, and what else it holds is dropped", () => {
  expect(parseBid({ ...bid, bidder_id: 7 })).toEqual({ ok: true, value: bid });
});

test.each(['bid_id', 'amount', 'date_bid'])(
  'a bid whose %s is absent, null or of another type is unusable',
  (field) => {
    for (const value of [undefined, null, {}, 'x', true]) {
      const reason = expect.stringMatching(new RegExp(`^${field}: `));
      expect(parseBid({ ...bid, [field]: value })).toEqual({ ok: false, reason });
    }
  },
);

test('a bid of nothing, or less, is as ESI said', () => {
  for (const amount of [0, -1]) expect(parseBid({ ...bid, amount })).toMatchObject({ ok: true, value: { amount } });
});

describe('the bids of an auction', () => {
  async function open(bids: readonly Given<BidRow>[], pageSize = 2) {
    stopTime();
    retryAtOnce();
    const esi = await openEsi({ regions: [forge], pageSize, lifetimes: { bids: 300 } });
    const { contract } = esi.world.add({ type: 'auction', region_id: forge, contract_id: 301, bids });
    return { esi, id: contract.contract_id, client: openTestClient(esi).client };
  }

  test('are those of all pages, and expire with them', async () => {
    const { client, id } = await open([{ amount: 1 }, { amount: 2 }, { amount: 3 }]);
    const answer = await client.contractBids(id);
    const amounts = answer.kind === 'ok' && answer.rows.map((row) => (row as BidRow).amount);
    expect(amounts).toEqual([1, 2, 3]);
    expect(answer.expiresAt).toEqual(new Date(Date.now() + 300_000));
    advance(100_000);
    expect(await client.contractBids(id)).toMatchObject({ expiresAt: new Date(Date.now() + 200_000) });
  });

  test('are empty with a 204, which expires too', async () => {
    const { client, id } = await open([]);
    const expiresAt = new Date(Date.now() + 300_000);
    expect(await client.contractBids(id)).toEqual({ kind: 'refused', status: 204, reason: '', expiresAt });
  });

  test('are those that are left when the list has become shorter meanwhile', async () => {
    const { esi, client, id } = await open([{ amount: 1 }, { amount: 2 }, { amount: 3 }]);
    esi.faults.inject({ match: { route: 'bids', page: 2 }, fault: { kind: 'status', status: 404 } });
    expect(await client.contractBids(id)).toMatchObject({ kind: 'ok', rows: [{ amount: 1 }, { amount: 2 }] });
  });

  test('are those of a page that may follow, where X-Pages is missing', async () => {
    const many = Array.from({ length: rowsPerPage + 1 }, (_, index) => ({ amount: index }));
    const { esi, client, id } = await open(many, rowsPerPage);
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'missingPages' } });
    expect(await client.contractBids(id)).toMatchObject({ kind: 'ok', rows: { length: rowsPerPage + 1 } });
    expect(esi.requests.all().map(({ page }) => page)).toEqual([1, 2]);
  });

  test('are a fault when a page cannot be fetched, or is not a list', async () => {
    const { esi, client, id } = await open([{ amount: 1 }, { amount: 2 }, { amount: 3 }]);
    const fault = esi.faults.inject({ match: { route: 'bids', page: 2 }, fault: { kind: 'status', status: 502 } });
    await expect(client.contractBids(id)).rejects.toMatchObject({ name: 'EsiFault', status: 502 });
    fault.remove();
    esi.faults.inject({ match: { route: 'bids' }, fault: { kind: 'body', value: { bids: [] } } });
    await expect(client.contractBids(id)).rejects.toThrow('bids of contract 301: not a list');
  });
});
