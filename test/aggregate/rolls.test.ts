import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../fake-esi/types.ts';
import { ask } from '../helpers/ask.ts';
import { backings } from '../helpers/backings.ts';
import { openBench } from '../helpers/pass.ts';
import { rowsFrom, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const webifier = 47_702;
const halfHour = 1_800_000;

describe.each(backings)('the rolls of mutated modules, on $name', (backing) => {
  test('are asked for where the type says that it is mutated, once for ever', async () => {
    const { esi, pass, database } = await openBench(backing);
    const add = () => esi.world.add({ price: 5, items: [{ type_id: webifier, item_id: 1_000_000_000_500 }] });
    const first = add();
    // Neither types that are not mutated, nor wanted items.
    esi.world.add({ items: [{ type_id: 587 }, { type_id: webifier, is_included: false }] });
    expect(await pass()).toMatchObject({ rolls: { stored: 1, unknown: 0, failed: 0 } });
    const asked = () => esi.requests.all().filter(({ route }) => route === 'dynamicItem');
    expect(asked().map(({ path }) => path)).toEqual([`/dogma/dynamic/items/${webifier}/1000000000500`]);
    expect(await rowsOf(database, 'roll_attributes', 'attribute_id')).toMatchObject([
      { attribute_id: 30, value: 76 },
      { attribute_id: 50, value: 20 },
      { attribute_id: 54, value: 11_500 },
      { attribute_id: 1692, value: 15 },
    ]);
    // The module is sold, and offered again.
    esi.world.remove(first.contract.contract_id);
    const second = add();
    advance(halfHour);
    expect(await pass()).toMatchObject({ rolls: { stored: 0 } });
    expect(asked()).toHaveLength(1);
    const shown = await ask(database, {
      subject: 'rolls',
      fields: ['contract_id', 'type_name', 'mutator_name', 'price'],
    });
    expect(shown).toEqual([
      {
        contract_id: second.contract.contract_id,
        type_name: 'Abyssal Stasis Webifier',
        mutator_name: 'Gravid Stasis Webifier Mutaplasmid',
        price: 5,
      },
    ]);
  });

  test.each<Fault>([
    { kind: 'status', status: 404, body: { error: 'Item not found' } },
    { kind: 'status', status: 520, body: { error: 'ItemNotFound' } },
  ])('that ESI does not know are not asked for again: $status', async (fault) => {
    const { esi, pass } = await openBench(backing);
    esi.world.add({ items: [{ type_id: webifier }] });
    esi.faults.inject({ match: { route: 'dynamicItem' }, fault });
    expect(await pass()).toMatchObject({ rolls: { unknown: 1, failed: 0 }, outcome: 'complete' });
    esi.requests.clear();
    advance(48 * halfHour);
    await pass();
    expect(esi.requests.count({ route: 'dynamicItem' })).toBe(0);
  });

  test.each<Fault>([{ kind: 'html' }, { kind: 'status', status: 304 }, { kind: 'status', status: 200, body: {} }])(
    'that fail wait, and keep no contract from being stored: %o',
    async (fault) => {
      const { esi, pass, database } = await openBench(backing);
      const { contract } = esi.world.add({ items: [{ type_id: webifier }] });
      esi.faults.inject({ match: { route: 'dynamicItem' }, fault });
      expect(await pass()).toMatchObject({ rolls: { failed: 1 }, contracts: { stored: 1, deferred: 0 }, exit_code: 0 });
      esi.faults.clear();
      advance(halfHour);
      expect(await pass()).toMatchObject({ rolls: { stored: 1, failed: 0 } });
      expect(await rowsFrom(database, sql`SELECT contract_id, source_type_id FROM rolls`)).toEqual([
        { contract_id: contract.contract_id, source_type_id: 527 },
      ]);
    },
  );

  test('are not fetched when disabled, and for items no longer on offer', async () => {
    const { esi, pass } = await openBench(backing);
    const { contract } = esi.world.add({ items: [{ type_id: webifier }] });
    expect(await pass({ rolls: false })).toMatchObject({ rolls: { stored: 0 } });
    esi.world.remove(contract.contract_id);
    advance(halfHour);
    await pass();
    advance(halfHour);
    await pass();
    expect(esi.requests.count({ route: 'dynamicItem' })).toBe(0);
  });
});
