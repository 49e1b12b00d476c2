import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { PruneOptions } from '../../src/store/records/upkeep.ts';
import type { Store } from '../../src/store/store.ts';
import { backings, openTestStore, type TestDatabase } from '../helpers/backings.ts';
import { forge, listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';
import { contractsIn, itemsIn, rowsFrom } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';
const evening = '2026-03-01T20:00:00Z';

async function removed(store: Store, options: Partial<PruneOptions> = {}): Promise<number> {
  let contracts = 0;
  for await (const step of store.prune({ gone_before: evening, keep_sold: false, ...options })) {
    contracts += Number(step.contracts);
  }
  return contracts;
}

const countIn = async (database: TestDatabase, table: string) =>
  Number((await rowsFrom(database, sql`SELECT count(*) AS rows FROM ${sql.identifier(table)}`))[0]?.rows);

/** Contracts 1 and 2, an auction with a bid, are gone since `later`; 3 is listed. */
async function withHistory(store: Store): Promise<void> {
  const auction = listed(2, { type: 'auction', date_expired: '2026-03-01T12:20:00Z' });
  await storeListed(store, noon, [listed(1), auction, listed(3)]);
  const look = { run_id: 'a-run', contract_id: 2, region_id: forge, at: noon, expires_at: later };
  await store.recordBids({ ...look, bids: [{ bid_id: 7, amount: 5, date_bid: noon }] });
  await recordAlone(store, sweepOf(later, [listed(3)]));
}

describe.each(backings)('pruning on $name', (backing) => {
  test('removes what went before, with all it holds, and leaves what is listed', async () => {
    const { store, database } = await openTestStore(backing);
    await withHistory(store);
    expect(await store.countPrunable({ gone_before: evening, keep_sold: false })).toEqual({
      contracts: 2,
      items: 2,
      bids: 1,
    });
    expect(await removed(store)).toBe(2);
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 3 }]);
    expect(await itemsIn(database)).toMatchObject([{ contract_id: 3 }]);
    expect(await countIn(database, 'contract_bids')).toBe(0);
    expect(await removed(store)).toBe(0);
  });

  test('leaves what went at that time or later', async () => {
    const { store, database } = await openTestStore(backing);
    await withHistory(store);
    expect(await removed(store, { gone_before: later })).toBe(0);
    expect(await contractsIn(database)).toHaveLength(3);
  });

  test('can leave what was sold', async () => {
    const { store, database } = await openTestStore(backing);
    await withHistory(store);
    const options = { gone_before: evening, keep_sold: true };
    expect(await store.countPrunable(options)).toMatchObject({ contracts: 1, bids: 0 });
    expect(await removed(store, options)).toBe(1);
    expect(await contractsIn(database)).toMatchObject([{ contract_id: 2, outcome: 'sold' }, { contract_id: 3 }]);
    expect(await countIn(database, 'contract_bids')).toBe(1);
  });

  test('never counts changes back: a cursor stays what it was', async () => {
    const { store, database } = await openTestStore(backing);
    await withHistory(store);
    const newest = sql`SELECT max(change_id) AS newest FROM contract_changes`;
    const [before] = await rowsFrom(database, newest);
    await removed(store);
    expect(await rowsFrom(database, newest)).toEqual([before]);
    expect(await countIn(database, 'contract_changes')).toBe(2);
  });

  test('works off more contracts than one transaction takes, those that stay among them, and the process hears signals meanwhile', async () => {
    const { store, database } = await openTestStore(backing);
    const ids = Array.from({ length: 2_300 }, (_, index) => index + 1);
    const ended = { date_expired: '2026-03-01T12:10:00Z' };
    await storeListed(
      store,
      noon,
      ids.map((id) => listed(id, id % 3 === 0 ? { ...ended, type: 'auction' } : ended)),
    );
    for (const contract_id of ids.filter((id) => id % 3 === 0)) {
      const bids = [{ bid_id: contract_id, amount: 5, date_bid: noon }];
      await store.recordBids({ run_id: 'a-run', contract_id, region_id: forge, at: noon, expires_at: later, bids });
    }
    await recordAlone(store, sweepOf(later, []));
    let turns = 0;
    const turn = () => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    expect(await removed(store, { keep_sold: true })).toBe(1_534);
    clearImmediate(next);
    expect(turns).toBeGreaterThan(0);
    expect(await countIn(database, 'contracts')).toBe(766);
    await store.vacuum();
  });

  test('removes entries of the backlog that are listed no more', async () => {
    const { store, database } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2)]));
    await recordAlone(store, sweepOf(later, [listed(2)]));
    await removed(store);
    expect(await countIn(database, 'contract_backlog')).toBe(1);
  });
});
