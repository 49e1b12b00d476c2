import { describe, expect, test } from 'vitest';
import { StorageError } from '../../src/errors.ts';
import { RejectedError } from '../../src/store/failures.ts';
import { inGroups } from '../../src/store/operations/grouping.ts';
import type { UnitOfWork } from '../../src/store/records/pass.ts';
import { forge, listed } from '../helpers/esi-rows.ts';

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
