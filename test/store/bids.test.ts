import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Bid } from '../../src/eve/contract.ts';
import type { Store } from '../../src/store/store.ts';
import { backings, openTestStore, type TestDatabase } from '../helpers/backings.ts';
import { domain, forge, listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';
import { rowsFrom, rowsOf } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:05:00Z';
const evening = '2026-03-01T20:00:00Z';
const bid = (bid_id: number, amount: number, date_bid = noon): Bid => ({ bid_id, amount, date_bid });
const auction = (id: number, date_expired = '2026-03-09T00:00:00Z') => listed(id, { type: 'auction', date_expired });

async function dueIds(store: Store, now: string, regions = [forge]): Promise<number[]> {
  return (await store.dueAuctions(regions, now)).map(({ contract_id }) => contract_id);
}

function look(store: Store, at: string, bids: readonly Bid[], expires_at = later): Promise<number> {
  return store.recordBids({ run_id: 'a-run', contract_id: 1, region_id: forge, at, bids, expires_at });
}

const bidChanges = (database: TestDatabase) =>
  rowsFrom(
    database,
    sql`SELECT run_id, contract_id, region_id, at, bid_id FROM contract_changes WHERE change = 'bid' ORDER BY change_id`,
  );

describe.each(backings)('auctions whose bids are due on $name', (backing) => {
  test('are those never asked about and those whose answer has expired, what ends first first', async () => {
    const { store } = await openTestStore(backing);
    await storeListed(store, noon, [auction(1), auction(2, '2026-03-02T00:00:00Z'), listed(3)]);
    expect(await store.dueAuctions([forge], noon)).toEqual([
      { contract_id: 2, region_id: forge, date_expired: '2026-03-02T00:00:00Z' },
      { contract_id: 1, region_id: forge, date_expired: '2026-03-09T00:00:00Z' },
    ]);
    await look(store, noon, []);
    expect(await dueIds(store, '2026-03-01T12:04:59Z')).toEqual([2]);
    expect(await dueIds(store, later)).toEqual([2, 1]);
    expect(await dueIds(store, noon, [domain])).toEqual([]);
  });

  test('are neither those past their expiry nor those that are gone', async () => {
    const { store } = await openTestStore(backing);
    await storeListed(store, noon, [auction(1, evening), auction(2)]);
    await recordAlone(store, sweepOf(later, [auction(1, evening)]));
    expect(await dueIds(store, later)).toEqual([1]);
    expect(await dueIds(store, evening)).toEqual([]);
  });
});

describe.each(backings)('bids on $name', (backing) => {
  test('are all kept with when they were first seen, whatever later answers leave out', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [auction(1)]);
    expect(await look(store, noon, [bid(11, 100), bid(12, 0.25)])).toBe(2);
    expect(await look(store, later, [bid(12, 0.25), bid(13, 9_999_999_999_999.99, later), bid(13, 1)])).toBe(1);
    expect(await look(store, evening, [])).toBe(0);
    expect(await rowsOf(database, 'contract_bids', 'bid_id')).toEqual([
      { contract_id: 1, bid_id: 11, amount: 100, date_bid: noon, first_seen_at: noon },
      { contract_id: 1, bid_id: 12, amount: 0.25, date_bid: noon, first_seen_at: noon },
      { contract_id: 1, bid_id: 13, amount: 9_999_999_999_999.99, date_bid: later, first_seen_at: later },
    ]);
  });

  test('of the first look are no news, those after it are, in the order they were made', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [auction(1)]);
    await look(store, noon, [bid(11, 100)]);
    expect(await bidChanges(database)).toEqual([]);
    await look(store, later, [bid(9, 300, '2026-03-01T12:03:00Z'), bid(12, 200, '2026-03-01T12:02:00Z'), bid(11, 100)]);
    const row = { run_id: 'a-run', contract_id: 1, region_id: forge, at: later };
    expect(await bidChanges(database)).toEqual([
      { ...row, bid_id: 12 },
      { ...row, bid_id: 9 },
    ]);
  });

  test('after a first look that found none are news', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [auction(1)]);
    await look(store, noon, []);
    await look(store, later, [bid(11, 100)]);
    expect(await bidChanges(database)).toMatchObject([{ bid_id: 11, at: later }]);
  });

  test('are written together with the expiry of their answer, or not at all', async () => {
    const { store, database } = await openTestStore(backing);
    await storeListed(store, noon, [auction(1)]);
    await expect(look(store, noon, [bid(11, 100), bid(12, Number.NaN)])).rejects.toThrow();
    expect(await rowsOf(database, 'contract_bids', 'bid_id')).toEqual([]);
    expect(await dueIds(store, noon)).toEqual([1]);
  });
});
