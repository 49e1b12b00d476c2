import { describe, expect, test } from 'vitest';
import { backings, openTestStore } from '../helpers/backings.ts';
import { forge, listed, sweepOf, unusable } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';

const noon = '2026-03-01T12:00:00Z';
const nothing = { contract_ids: [], quarantined: [] };
const keyOf = (name: string) => `row:${forge}:${name}`;

describe.each(backings)('what a page announced is settled, on $name', (backing) => {
  async function openSettled() {
    const { store } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1)]);
    await recordAlone(store, sweepOf(noon, [listed(1), listed(2)], { quarantined: [unusable('issuer', 3)] }));
    return store;
  }

  test('when each contract is stored or waits, and each row that cannot be used is quarantined', async () => {
    const store = await openSettled();
    expect(await store.unsettled({ contract_ids: [1, 2], quarantined: [keyOf('issuer')] })).toEqual(nothing);
    expect(await store.unsettled({ contract_ids: [1], quarantined: [] })).toEqual(nothing);
  });

  test('when it announced nothing', async () => {
    const { store } = await openTestStore(backing);
    expect(await store.unsettled({ contract_ids: [], quarantined: [] })).toEqual(nothing);
  });

  test('also when a contract is gone since', async () => {
    const store = await openSettled();
    await recordAlone(store, sweepOf(noon, []));
    expect(await store.unsettled({ contract_ids: [1, 2], quarantined: [keyOf('issuer')] })).toEqual(nothing);
  });

  test('but not when one contract is unknown here', async () => {
    const store = await openSettled();
    expect(await store.unsettled({ contract_ids: [1, 2, 4], quarantined: [] })).toEqual({
      ...nothing,
      contract_ids: [4],
    });
  });

  test('but not when one row is unknown here, though its contract is quarantined', async () => {
    const store = await openSettled();
    expect(await store.unsettled({ contract_ids: [3], quarantined: [keyOf('issuer'), keyOf('other')] })).toEqual({
      contract_ids: [3],
      quarantined: [keyOf('other')],
    });
  });
});
