import { describe, expect, it } from 'vitest';
import { subjects } from '../../../src/query/subjects/subjects.ts';
import { ask } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { openFilled } from '../../helpers/market.ts';
import { places, types } from '../../helpers/universe.ts';

const ends = { start_location_id: places.jitaStation, end_location_id: places.amarrStation };
const blueprint = { type_id: types.rifterBlueprint, is_blueprint_copy: true, runs: 2 ** 40, quantity: 2 ** 40 };
/** Whatever ESI's schema allows, however odd. */
const contracts = [
  { contract_id: 1, row: { price: 5 }, items: [{ type_id: types.rifter, quantity: 0 }] },
  { contract_id: 2, row: { price: 1e100, reward: -1e100 }, items: [{ type_id: types.rifter, quantity: -3 }] },
  { contract_id: 3, row: { price: 1e100 }, items: [blueprint] },
  { contract_id: 4, row: { price: 7 }, items: [{ ...blueprint, runs: 0 }] },
  { contract_id: 5, row: { type: 'courier', ...ends, reward: 1e100, volume: 5e-324, collateral: 1e-310 } },
  { contract_id: 6, row: { type: 'courier', ...ends, reward: -1, volume: -1, collateral: 1e100 } },
];

describe.each(backings)('odd amounts on $name', (backing) => {
  it('spoil no answer', async () => {
    const { database } = await openFilled(backing, contracts);
    for (const { name } of subjects) {
      const filters = name === 'prices' ? { item: ['Rifter'] } : {};
      await expect(ask(database, { subject: name, filters }), name).resolves.toBeInstanceOf(Array);
    }
    const [first, second] = await ask(database, { subject: 'couriers', sort: 'contract_id' });
    expect(first).toMatchObject({ contract_id: 5, reward_per_m3: null, reward_to_collateral: null });
    expect(second).toMatchObject({ contract_id: 6, reward_per_m3: null, reward_to_collateral: -1e-100 });
  });
});
