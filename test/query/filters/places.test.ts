import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { ask, keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { places, saveObject } from '../../helpers/universe.ts';

/** Systems with a contract in the space of each, by the id of both. */
const securityOf: Readonly<Record<number, number>> = {
  30000001: 1,
  30000002: 0.45,
  30000003: 0.449_999,
  30000004: 0.05,
  30000005: 0.000_1,
  30000006: 0,
  30000007: -0.99,
  31000005: -0.99,
};

async function saveSystems(store: Store): Promise<void> {
  for (const [id, security_status] of Object.entries(securityOf)) {
    const fields = { name: `System ${id}`, constellation_id: 20_000_999, security_status };
    await saveObject(store, 'system', Number(id), fields);
  }
}

const contracts = [
  ...Object.keys(securityOf).map((id) => ({ contract_id: Number(id), row: { start_location_id: Number(id) } })),
  { contract_id: 1, row: { start_location_id: places.jitaStation } },
  { contract_id: 2, row: { start_location_id: places.structure } },
].map((contract) => ({ ...contract, items: [{ type_id: 34 }] }));

describe.each(backings)('where contracts start, on $name', (backing) => {
  const market = sharedMarket(backing, contracts, saveSystems);

  it.each([
    ['highsec', [1, 30_000_001, 30_000_002]],
    ['lowsec', [30_000_003, 30_000_004, 30_000_005]],
    ['nullsec', [30_000_006, 30_000_007]],
    ['wormhole', [31_000_005]],
    ['WORMHOLE', [31_000_005]],
  ])('--security %s', async (band, expected) => {
    const { database } = market();
    expect(await keptBy(database, { security: [band] })).toEqual(expected);
  });

  it('--security with several bands means any of them', async () => {
    const { database } = market();
    expect(await keptBy(database, { security: ['wormhole', 'nullsec'] })).toEqual([30_000_006, 30_000_007, 31_000_005]);
  });

  it('--constellation by its name, by a word of it, and by its id', async () => {
    const { database } = market();
    for (const text of ['kimotoro', '20000020']) expect(await keptBy(database, { constellation: [text] })).toEqual([1]);
    expect(await keptBy(database, { constellation: ['20000999'] })).toHaveLength(8);
    await expect(keptBy(database, { constellation: ['Kimotaro'] })).rejects.toThrow(
      '--constellation: constellation "Kimotaro" is unknown. Did you mean "Kimotoro"?',
    );
  });

  it.each(['contracts', 'items'])('%s have the security status and the constellation', async (subject) => {
    const { database } = market();
    const fields = ['contract_id', 'security_status', 'constellation_name'];
    const filters = { id: ['1', '2', '30000002'] };
    expect(await ask(database, { subject, filters, fields, sort: 'contract_id' })).toEqual([
      { contract_id: 1, security_status: 0.9459, constellation_name: 'Kimotoro' },
      { contract_id: 2, security_status: null, constellation_name: null },
      { contract_id: 30_000_002, security_status: 0.45, constellation_name: null },
    ]);
  });

  it('ships, blueprints and couriers take the filters, too', async () => {
    const { database } = market();
    for (const subject of ['ships', 'blueprints', 'couriers']) {
      await expect(ask(database, { subject, filters: { security: ['highsec'] } })).resolves.toBeDefined();
    }
  });
});
