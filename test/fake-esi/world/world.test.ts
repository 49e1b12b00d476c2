import { describe, expect, test } from 'vitest';
import { ask, contractIds, openEsi } from '../open-esi.ts';
import type { WorldContract } from '../types.ts';

const forge = 10000002;
const now = new Date('2026-09-01T12:00:00Z');
const itemsPath = ({ contract }: WorldContract) => `/contracts/public/items/${contract.contract_id}`;

describe('contracts that are generated', () => {
  test('follow from the seed', async () => {
    const worldOf = async (seed: number) => {
      const { world } = await openEsi({ seed, contracts: 200 });
      return world
        .list()
        .map(({ region_id, contract, items, bids }) =>
          JSON.stringify({ region_id, contract, items, bids }, withoutDates),
        );
    };
    const world = await worldOf(7);
    expect(await worldOf(7)).toEqual(world);
    expect(await worldOf(8)).not.toEqual(world);
  });

  test('have the shares and sizes of the real market', async () => {
    const esi = await openEsi({ contracts: 4000 });
    const contracts = esi.world.list();
    const share = (test: (contract: WorldContract) => boolean) => contracts.filter(test).length / contracts.length;
    expect(contracts).toHaveLength(4000);
    expect(share(({ region_id }) => region_id === forge)).toBeCloseTo(0.7, 1);
    expect(share(({ contract }) => contract.type === 'item_exchange')).toBeGreaterThan(0.95);
    expect(share(({ contract }) => contract.title === '')).toBeCloseTo(0.52, 1);
    expect(share(({ contract }) => contract.for_corporation === true)).toBeCloseTo(0.24, 1);
    expect(share(({ items }) => items.some(({ is_blueprint_copy }) => is_blueprint_copy === true))).toBeCloseTo(
      0.49,
      1,
    );
    expect(contracts.flatMap(({ items }) => items).length / contracts.length).toBeGreaterThan(5);
  });

  test('hold only references that the server resolves, structures excepted', async () => {
    const { world, universe } = await openEsi({ contracts: 3000 });
    for (const { contract, items } of world.list()) {
      for (const { type_id } of items) {
        const type = universe.types.get(type_id);
        const group = universe.groups.get(type?.group_id ?? 0);
        expect(universe.categories.has(group?.category_id ?? 0)).toBe(true);
        expect(type?.market_group_id === undefined || universe.marketGroups.has(type.market_group_id)).toBe(true);
      }
      expect(universe.names.has(contract.issuer_id) && universe.names.has(contract.issuer_corporation_id)).toBe(true);
      for (const location of [contract.start_location_id ?? 0, contract.end_location_id ?? 0]) {
        expect(location >= 1e12 || universe.stations.has(location)).toBe(true);
      }
    }
  });

  test('have ids that are unique, those of records and items too large for 32 bits', async () => {
    const { world } = await openEsi({ contracts: 500 });
    const items = world.list().flatMap((contract) => contract.items);
    const records = items.map(({ record_id }) => record_id);
    const itemIds = items.flatMap(({ item_id }) => item_id ?? []);
    expect(new Set(records).size).toBe(records.length);
    expect(new Set(itemIds).size).toBe(itemIds.length);
    expect(Math.min(...records, ...itemIds)).toBeGreaterThan(2 ** 31);
  });

  test('may use invented types', async () => {
    const { world, universe } = await openEsi({ contracts: 500, syntheticTypes: 5000 });
    expect(universe.types.size).toBeGreaterThan(5000);
    expect(world.list().some(({ items }) => items.some(({ type_id }) => type_id > 1_000_000))).toBe(true);
  });
});

describe('market groups and places', () => {
  test('every parent exists', async () => {
    const { universe } = await openEsi();
    for (const { parent_group_id } of universe.marketGroups.values()) {
      expect(parent_group_id === undefined || universe.marketGroups.has(parent_group_id)).toBe(true);
    }
    for (const { category_id } of universe.groups.values()) {
      expect(universe.categories.has(category_id)).toBe(true);
    }
  });

  test('a limited universe has nothing outside', async () => {
    const esi = await openEsi({ regions: [forge], contracts: 50 });
    expect((await ask(esi, '/universe/regions')).json).toEqual([forge]);
    expect((await ask(esi, '/universe/stations/60008494')).status).toBe(404);
    expect(esi.world.list().every(({ region_id }) => region_id === forge)).toBe(true);
  });
});

describe('contracts under control', () => {
  test('are made of what is given, and undefined leaves a field out', async () => {
    const esi = await openEsi({ now });
    const added = esi.world.add({
      type: 'item_exchange',
      start_location_id: 60008494,
      title: undefined,
      price: 5,
      items: [{ type_id: 587 }, { type_id: 34, quantity: 7, is_included: false }],
    });
    expect(added.region_id).toBe(10000043);
    expect(added.contract).toMatchObject({ price: 5, end_location_id: 60008494, volume: 2500 });
    expect('title' in added.contract).toBe(false);
    const { json } = await ask(esi, itemsPath(added));
    expect(json).toMatchObject([
      { type_id: 587, quantity: 1, is_included: true },
      { type_id: 34, quantity: 7 },
    ]);
    expect(added.items.map((item) => 'item_id' in item)).toEqual([true, false]);
  });

  test('leave the list at its next generation, their items at once', async () => {
    const esi = await openEsi({ regions: [forge] });
    const [accepted, alsoAccepted, removed, expired] = Array.from({ length: 4 }, () =>
      esi.world.add({ type: 'item_exchange' }),
    ) as [WorldContract, WorldContract, WorldContract, WorldContract];
    await ask(esi, `/contracts/public/${forge}`);
    esi.world.complete(accepted.contract.contract_id, 403);
    esi.world.complete(alsoAccepted.contract.contract_id, 204);
    esi.world.remove(removed.contract.contract_id);
    esi.world.expire(expired.contract.contract_id);
    expect((await ask(esi, `/contracts/public/${forge}`)).json).toHaveLength(4);
    expect(await ask(esi, itemsPath(accepted))).toMatchObject({
      status: 403,
      json: { error: 'Contract accepted by player, requires authorization' },
    });
    expect(await ask(esi, itemsPath(alsoAccepted))).toMatchObject({ status: 204, text: '' });
    expect(await ask(esi, itemsPath(removed))).toMatchObject({ status: 404, json: { error: 'Contract not found!' } });
    expect([204, 403]).toContain((await ask(esi, itemsPath(expired))).status);
    esi.world.regenerate();
    expect((await ask(esi, `/contracts/public/${forge}`)).json).toEqual([]);
  });

  test('expire by the clock, and come back when relisted', async () => {
    const esi = await openEsi({ regions: [forge], now });
    const { contract } = esi.world.add({ type: 'item_exchange', date_expired: '2026-09-01T12:10:00Z' });
    esi.clock.advance(600_000);
    expect(esi.world.list()).toEqual([]);
    expect(esi.world.contract(contract.contract_id)?.state).toBe('expired');
    esi.world.relist(contract.contract_id);
    expect(contractIds((await ask(esi, `/contracts/public/${forge}`)).json)).toEqual([contract.contract_id]);
  });

  test('take their items along when reissued', async () => {
    const { world } = await openEsi();
    const first = world.add({ type: 'item_exchange', price: 9, items: [{ type_id: 47740 }] });
    world.remove(first.contract.contract_id);
    const second = world.reissue(first.contract.contract_id);
    expect(second.contract).toMatchObject({ price: 9, issuer_id: first.contract.issuer_id });
    expect(second.contract.contract_id).not.toBe(first.contract.contract_id);
    expect(second.items[0]?.item_id).toBe(first.items[0]?.item_id);
    expect(second.items[0]?.record_id).not.toBe(first.items[0]?.record_id);
  });

  test('may be joined by rows of any kind', async () => {
    const esi = await openEsi({ regions: [forge] });
    esi.world.raw(forge, { contract_id: 'seven' });
    esi.world.raw(forge, null);
    esi.world.rawItems(123, [{ type_id: -1 }]);
    expect((await ask(esi, `/contracts/public/${forge}`)).json).toEqual([{ contract_id: 'seven' }, null]);
    expect((await ask(esi, '/contracts/public/items/123')).json).toEqual([{ type_id: -1 }]);
  });

  test('tell nothing about parcels, and of bids only on auctions', async () => {
    const esi = await openEsi();
    const even = esi.world.add({ contract_id: 300_000_000, type: 'courier' });
    const odd = esi.world.add({ contract_id: 300_000_001, type: 'courier' });
    expect(await ask(esi, itemsPath(even))).toMatchObject({ status: 200, json: [] });
    expect((await ask(esi, itemsPath(odd))).status).toBe(404);
    expect((await ask(esi, '/contracts/public/bids/300000000')).status).toBe(404);
    expect((await ask(esi, '/contracts/public/bids/300000001')).status).toBe(204);
  });

  test('have dynamic items where they are mutated, and 520 elsewhere', async () => {
    const esi = await openEsi();
    const { items } = esi.world.add({ items: [{ type_id: 47740 }, { type_id: 587 }], type: 'item_exchange' });
    const [mutated, plain] = await Promise.all(
      items.map(({ type_id, item_id }) => ask(esi, `/dogma/dynamic/items/${type_id}/${item_id}`)),
    );
    expect(mutated).toMatchObject({ status: 200, json: { source_type_id: 440, mutator_type_id: 47738 } });
    expect(plain).toMatchObject({ status: 520, json: { error: 'ItemNotFound' } });
  });
});

/** Dates follow from the time of the start as well. */
function withoutDates(key: string, value: unknown): unknown {
  return key.startsWith('date_') ? undefined : value;
}
