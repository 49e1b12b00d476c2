import { describe, expect, test } from 'vitest';
import type { StandInEsi } from '../fake-esi/types.ts';
import { backings } from '../helpers/backings.ts';
import { addExchange, openBench } from '../helpers/pass.ts';
import { rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const hour = 3_600_000;
const syntheticTypes = 600;

/** One contract with an item of each invented type. */
function addManyTypes(esi: StandInEsi): number[] {
  const types = Array.from({ length: syntheticTypes }, (_, index) => 1_000_001 + index);
  addExchange(esi, { items: types.map((type_id) => ({ type_id })) });
  return types;
}

describe.each(backings)('many types that are not known, on $name', (backing) => {
  test('come with the lists of groups that hold them, and never one by one', async () => {
    const { esi, pass, database } = await openBench(backing, { syntheticTypes, pageSize: 1_000 });
    const ids = addManyTypes(esi);
    expect(await pass()).toMatchObject({ outcome: 'complete' });
    expect(esi.requests.count({ route: 'type' })).toBe(0);
    expect(esi.requests.count({ route: 'groups' })).toBe(1);
    // One for the types, one for issuers, one for constellations.
    expect(esi.requests.count({ route: 'names' })).toBe(3);
    const types = await rowsOf(database, 'types', 'type_id');
    expect(types.map(({ type_id }) => type_id)).toEqual(ids);
    expect(types[150]).toMatchObject({
      name: 'Invented Device 151',
      group_id: 900_002,
      market_group_id: 900_002,
      published: null,
      response: null,
    });
    const groups = await rowsOf(database, 'groups', 'group_id');
    expect(groups.find(({ group_id }) => group_id === 900_002)).toMatchObject({ name: 'Invented Devices 2' });
    esi.requests.clear();
    advance(hour);
    await pass();
    expect(esi.requests.all().map(({ route }) => route)).toEqual(['list']);
  });

  test('are asked for one by one where ESI gives no list of groups', async () => {
    const { esi, pass, database } = await openBench(backing, { syntheticTypes, pageSize: 1_000 });
    addManyTypes(esi);
    esi.faults.inject({ match: { route: 'groups' }, fault: { kind: 'status', status: 404 } });
    await pass();
    expect(esi.requests.count({ route: 'type' })).toBe(syntheticTypes);
    expect((await rowsOf(database, 'types', 'type_id')).filter(({ name }) => name === null)).toEqual([]);
  });

  test('of which some cannot be put together so are asked for one by one', async () => {
    const { esi, pass, database } = await openBench(backing, { syntheticTypes, pageSize: 1_000 });
    addManyTypes(esi);
    const fault = { kind: 'status', status: 404 } as const;
    esi.faults.inject({ match: { route: 'marketGroup', id: 900_003 }, fault });
    esi.faults.inject({ match: { route: 'group', id: 900_004 }, fault });
    await pass();
    expect(esi.requests.count({ route: 'type' })).toBe(200);
    expect((await rowsOf(database, 'types', 'type_id')).filter(({ name }) => name === null)).toEqual([]);
  });
});

describe.each(backings)('names of which every fifth is refused, on $name', (backing) => {
  test('cost twenty errors a pass at most, never wait, and all come in the end', async () => {
    const { esi, pass, database } = await openBench(backing, {
      pageSize: 1_000,
      errorLimit: { limit: 100, windowSeconds: 60 },
    });
    const issuers = Array.from({ length: 200 }, (_, index) => 2_112_000_000 + index);
    for (const issuer_id of issuers) addExchange(esi, { issuer_id, issuer_corporation_id: 98_000_001 });
    const refused = issuers.filter((_, index) => index % 5 === 3);
    for (const id of refused) esi.world.forgetName(id);
    const errors: number[] = [];
    const unnamed = async () => (await rowsOf(database, 'names', 'id')).filter(({ name }) => name === null);
    for (let passes = 0; passes < 12 && (await unnamed()).length !== refused.length; passes += 1) {
      esi.requests.clear();
      expect(await pass()).toMatchObject({ outcome: 'complete' });
      errors.push(esi.requests.all({ route: 'names' }).filter(({ status }) => status >= 400).length);
      advance(hour);
    }
    expect(Math.max(...errors)).toBeLessThanOrEqual(20);
    expect((await unnamed()).map(({ id }) => id)).toEqual(refused);
  });

  test('are left for later where ESI limits errors', async () => {
    const { esi, pass, database } = await openBench(backing, { errorLimit: { limit: 100, windowSeconds: 60 } });
    addExchange(esi, { type: 'courier', items: [], issuer_id: 2_112_000_001 });
    esi.faults.inject({
      match: { route: 'system' },
      fault: { kind: 'headers', headers: { 'X-Esi-Error-Limit-Remain': '20', 'X-Esi-Error-Limit-Reset': '60' } },
    });
    const before = Date.now();
    expect(await pass()).toMatchObject({ outcome: 'complete' });
    expect(Date.now() - before).toBeLessThan(60_000);
    expect(esi.requests.count({ route: 'names' })).toBe(0);
    expect((await rowsOf(database, 'names', 'id')).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  });
});
