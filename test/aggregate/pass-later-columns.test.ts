import { describe, expect, test, vi } from 'vitest';
import { backings } from '../helpers/backings.ts';
import { addExchange, openBench } from '../helpers/pass.ts';
import { change, contractsIn, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

vi.mock('node:timers/promises', () => import('../helpers/instant-sleep.ts'));
vi.mock('../../src/store/operations/later-columns.ts', () => ({
  laterColumns: { volume: 'real', start_location_id: 'id' },
}));

const halfAnHour = 30 * 60_000;

describe.each(backings)('a column that came after a contract was stored, on $name', (backing) => {
  test('is filled in by the next list that shows it, and no difference is reported', async () => {
    const { esi, pass, database } = await openBench(backing);
    const known = addExchange(esi, { volume: 12.5 });
    await pass();
    await change(database, 'UPDATE contracts SET volume = NULL, start_location_id = NULL, price = NULL');
    addExchange(esi);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { differing: 1 } });
    const [filled] = (await contractsIn(database)).filter(({ contract_id }) => contract_id === known);
    // An old column keeps its stored value.
    expect(filled).toMatchObject({ volume: 12.5, start_location_id: 60_003_760, price: null });
    const changes = (await rowsOf(database, 'contract_changes', 'change_id')).filter((row) => row.change === 'differs');
    expect(changes.map(({ field }) => field)).toEqual(['price']);
  });
});
