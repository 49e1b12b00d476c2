import { describe, expect, it } from 'vitest';
import { ask } from '../helpers/ask.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { fill, inHours } from '../helpers/contracts.ts';
import { places, saveUniverse } from '../helpers/universe.ts';

const structure = { structure_id: places.structure, name: 'Jita - Trade Hub', system_id: places.jita };

describe.each(backings)('player structures that were imported, on $name', (backing) => {
  it('have names and systems until the next list takes their place', async () => {
    const { store, database } = await openTestStore(backing);
    await saveUniverse(store);
    await fill(store, [{ contract_id: 1, row: { start_location_id: places.structure } }]);
    const fields = ['system_name', 'start_location_name', 'start_location_is_imported'];
    const shown = () => ask(database, { fields });
    const inJita = async () => (await ask(database, { filters: { system: ['Jita'] } })).length;
    await store.replaceStructures([structure], inHours(0));
    expect(await shown()).toEqual([
      { system_name: 'Jita', start_location_name: 'Jita - Trade Hub', start_location_is_imported: true },
    ]);
    expect(await inJita()).toBe(1);
    await store.replaceStructures([], inHours(0));
    expect(await shown()).toEqual([
      { system_name: null, start_location_name: null, start_location_is_imported: false },
    ]);
    expect(await inJita()).toBe(0);
  });
});
