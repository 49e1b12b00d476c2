import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { StorageError } from '../../src/errors.ts';
import { RejectedError } from '../../src/store/failures.ts';
import { inGroups } from '../../src/store/operations/grouping.ts';
import type { UnitOfWork } from '../../src/store/records/pass.ts';
import { backings, openTestStore, type TestDatabase } from '../helpers/backings.ts';
import { forge, itemOf, itemRow, listed } from '../helpers/esi-rows.ts';
import { itemsIn, rowsFrom } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';

function unitOf(contract_id: number): UnitOfWork {
  const seen = { region_id: forge, first_seen_at: noon, last_seen_at: noon };
  return { run_id: 'a', stored_at: noon, contract: listed(contract_id).contract, items: [], ...seen };
}

/** A writer that records its units, and the result of each. */
async function storeAll(
  ids: readonly number[],
  failure: (ids: readonly number[]) => Error | undefined = () => undefined,
) {
  const transactions: number[][] = [];
  const store = inGroups(async (units) => {
    const group = units.map(({ contract }) => contract.contract_id);
    transactions.push(group);
    const error = failure(group);
    if (error !== undefined) throw error;
  });
  const outcomes = await Promise.allSettled(ids.map((id) => store(unitOf(id))));
  const failed = ids.filter((_, index) => outcomes[index]?.status === 'rejected');
  return { transactions, failed };
}

describe('contracts that are ready together', () => {
  test('share transactions, a hundred each', async () => {
    const { transactions } = await storeAll(Array.from({ length: 250 }, (_, index) => index + 1));
    expect(transactions.map((group) => group.length)).toEqual([100, 100, 50]);
  });

  test('are in one transaction no more than once', async () => {
    const { transactions } = await storeAll([1, 2, 1, 3]);
    expect(transactions).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  test('are stored one by one where one of them is refused', async () => {
    const refused = (ids: readonly number[]) => (ids.includes(2) ? new RejectedError('no') : undefined);
    const { transactions, failed } = await storeAll([1, 2, 3], refused);
    expect(transactions).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(failed).toEqual([2]);
  });

  test('fail together where the database fails, and are not tried again', async () => {
    const { transactions, failed } = await storeAll([1, 2], () => new StorageError('gone'));
    expect(transactions).toEqual([[1, 2]]);
    expect(failed).toEqual([1, 2]);
  });
});

/** How many transactions wrote contracts, items and changes, as the database itself has recorded them. */
async function transactionsOf(database: TestDatabase): Promise<number> {
  const { location } = database;
  if (location.dialect === 'sqlite') return commitsIn(readFileSync(`${location.path}-wal`));
  const tables = ['contracts', 'contract_items', 'contract_changes'];
  const written = tables.map((table) => `SELECT xmin::text FROM ${table}`).join(' UNION ');
  return (await rowsFrom(database, sql.raw(written))).length;
}

/** The last frame of each transaction in a write-ahead log has the size of the database (sqlite.org/fileformat2.html). */
function commitsIn(log: Buffer): number {
  if (log.length === 0) return 0;
  const pageSize = log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    if (log.subarray(at + 8, at + 16).equals(salt) && log.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

test.each(backings)('two hundred contracts with their items are two transactions, on $name', async (backing) => {
  const { store, database } = await openTestStore(backing);
  const before = await transactionsOf(database);
  const items = [1, 2, 3].map((record_id) => itemOf(itemRow({ record_id })));
  await Promise.all(Array.from({ length: 200 }, (_, index) => store.storeContract({ ...unitOf(index + 1), items })));
  expect((await transactionsOf(database)) - before).toBe(2);
  expect(await itemsIn(database)).toHaveLength(600);
});

test.each(backings)('what is written beside a group that is refused is kept, on $name', async (backing) => {
  const { store } = await openTestStore(backing);
  const many = Array.from({ length: 300 }, (_, index) => itemOf(itemRow({ record_id: index + 1 })));
  const units = Array.from({ length: 50 }, (_, index) => ({ ...unitOf(index + 1), items: many }));
  const refused = { ...unitOf(51), items: [...many, ...many] };
  let isOver = false;
  const stored = Promise.allSettled([...units, refused].map((unit) => store.storeContract(unit))).finally(() => {
    isOver = true;
  });
  const keys: string[] = [];
  while (!isOver) {
    const key = `beside ${keys.length}`;
    await store.writeMeta(key, 'kept');
    keys.push(key);
    await nextTurn();
  }
  expect((await stored).filter(({ status }) => status === 'rejected')).toHaveLength(1);
  const kept = await Promise.all(keys.map((key) => store.readMeta(key)));
  expect(kept).toEqual(keys.map(() => 'kept'));
});
