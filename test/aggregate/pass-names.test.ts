import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { backings } from '../helpers/backings.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { contractsIn, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const hour = 3_600_000;
const issuer = (index: number) => ({ issuer_id: 2_112_000_000 + index, issuer_corporation_id: 98_000_001 });

describe.each(backings)('names, on $name', (backing) => {
  test('of types, groups, categories, market groups, places and people come with the first pass', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchange(esi, issuer(1));
    await pass();
    const namesIn = async (table: string, order: string) =>
      (await rowsOf(database, table, order)).map((row) => row.name);
    expect(await namesIn('types', 'type_id')).toEqual(['Rifter']);
    expect(await namesIn('groups', 'group_id')).toEqual(['Frigate']);
    expect(await namesIn('categories', 'category_id')).toEqual(['Ship']);
    expect(await namesIn('market_groups', 'market_group_id')).not.toContain(null);
    expect(await namesIn('systems', 'system_id')).toEqual(['Jita']);
    expect(await namesIn('locations', 'location_id')).toEqual([expect.stringMatching(/^Jita IV - Moon 4/)]);
    expect(await namesIn('regions', 'region_id')).toEqual(['The Forge']);
    expect(await namesIn('names', 'id')).toEqual(['Kimotoro', 'Somebody 98000001', 'Somebody 2112000001']);
    const roots = (await rowsOf(database, 'market_groups', 'market_group_id')).filter(
      (row) => row.parent_group_id === null,
    );
    expect(roots).toHaveLength(1);
  });

  test('of regions come with it, also of regions that are not configured: couriers end there', async () => {
    const { pass, database } = await openBench(backing, { regions: [10000002, 10000043, 10000030] });
    await pass({ regions: ['10000002'] });
    const regions = await rowsOf(database, 'regions', 'name');
    expect(regions.map(({ name }) => name)).toEqual(['Domain', 'Heimatar', 'The Forge']);
  });

  test('are asked for once', async () => {
    const { esi, pass } = await openBench(backing);
    addExchange(esi, issuer(1));
    await pass();
    addExchange(esi, issuer(1));
    advance(hour);
    esi.requests.clear();
    await pass();
    expect(esi.requests.all().map(({ route }) => route)).toEqual(['list', 'items']);
  });

  test('of a batch with one bad id are had all the same, in few requests', async () => {
    const { esi, pass, database } = await openBench(backing, { pageSize: 1_000 });
    addExchange(esi, issuer(0));
    await pass();
    // The place and its constellation are known now.
    esi.requests.clear();
    for (let index = 1; index <= 40; index += 1) addExchange(esi, issuer(index));
    const { issuer_id: bad } = issuer(17);
    esi.world.forgetName(bad);
    advance(hour);
    expect(await pass()).toMatchObject({ outcome: 'complete', exit_code: exitCodes.done });
    const names = (await rowsOf(database, 'names', 'id')).filter(({ id }) => Number(id) > issuer(0).issuer_id);
    expect(names).toHaveLength(40);
    expect(names.filter(({ name }) => name === null)).toMatchObject([{ id: bad, attempts: 1 }]);
    expect(esi.requests.count({ route: 'names' })).toBeLessThanOrEqual(15);
    expect(await contractsIn(database)).toHaveLength(41);
  });

  test('of constellations that ESI does not resolve keep no issuer waiting', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchange(esi, issuer(1));
    esi.world.forgetName(20_000_020);
    expect(await pass()).toMatchObject({ outcome: 'complete' });
    expect((await rowsOf(database, 'names', 'id')).map(({ name }) => name)).toEqual([
      null,
      'Somebody 98000001',
      'Somebody 2112000001',
    ]);
    // One for the issuers, one for the constellation, which is refused alone.
    expect(esi.requests.all({ route: 'names' }).map(({ status }) => status)).toEqual([200, 404]);
  });

  test('that ESI does not know are asked for again after an hour', async () => {
    const { esi, pass } = await openBench(backing);
    addExchange(esi, issuer(1));
    esi.world.forgetName(issuer(1).issuer_id);
    await pass();
    esi.requests.clear();
    advance(hour - 1_000);
    await pass();
    expect(esi.requests.count({ route: 'names' })).toBe(0);
    advance(1_000);
    await pass();
    expect(esi.requests.count({ route: 'names' })).toBe(1);
  });

  test('that a fault kept away are asked for in the next pass', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchange(esi, issuer(1));
    const fault = esi.faults.inject({ match: { route: 'names' }, fault: { kind: 'status', status: 500 } });
    expect(await pass()).toMatchObject({ outcome: 'complete' });
    const namesIn = async () => (await rowsOf(database, 'names', 'id')).map(({ name }) => name);
    expect(await namesIn()).toEqual([null, null, null]);
    fault.remove();
    await pass();
    expect(await namesIn()).toEqual(['Kimotoro', expect.any(String), expect.any(String)]);
  });

  test('that an answer leaves out are null, and the others are kept', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchange(esi, issuer(1));
    const transform = (rows: unknown) => (rows as { id: number }[]).filter(({ id }) => id !== issuer(1).issuer_id);
    esi.faults.inject({ match: { route: 'names' }, fault: { kind: 'transform', transform } });
    await pass();
    expect(await rowsOf(database, 'names', 'id')).toMatchObject([
      { id: 20_000_020, name: 'Kimotoro' },
      { id: 98_000_001, name: 'Somebody 98000001' },
      { id: issuer(1).issuer_id, name: null, last_answer: 'not in the answer' },
    ]);
  });
});

describe.each(backings)('a type whose name cannot be fetched, on $name', (backing) => {
  test.each([
    ['refused', { kind: 'status', status: 404 } as const, hour],
    ['broken', { kind: 'status', status: 500 } as const, 0],
    ['unusable', { kind: 'body', value: { type_id: 587 } } as const, hour],
  ])('(%s) leaves the contract in place, and is asked for again', async (_what, fault, delay) => {
    const { esi, pass, database } = await openBench(backing);
    const [id = 0] = addExchanges(esi, 1);
    const injected = esi.faults.inject({ match: { route: 'type' }, fault });
    expect(await pass()).toMatchObject({ exit_code: exitCodes.done, contracts: { stored: 1 } });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: id }]);
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([{ type_id: 587, name: null, attempts: 1 }]);
    injected.remove();
    advance(delay);
    await pass();
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([{ name: 'Rifter', attempts: 0 }]);
    expect(await rowsOf(database, 'categories', 'category_id')).toMatchObject([{ name: 'Ship' }]);
  });

  test('again keeps its name', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 1);
    await pass();
    advance(49 * hour);
    addExchanges(esi, 1);
    esi.faults.inject({ match: { route: 'type' }, fault: { kind: 'status', status: 404 } });
    await pass();
    expect(esi.requests.count({ route: 'type' })).toBe(2);
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([{ name: 'Rifter', group_id: 25, attempts: 1 }]);
  });

  test('again is requested with its validator, and only when something new needs it', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 1);
    await pass();
    advance(49 * hour);
    esi.requests.clear();
    await pass();
    expect(esi.requests.count({ route: 'type' })).toBe(0);
    addExchanges(esi, 1);
    advance(hour);
    await pass();
    expect(esi.requests.all({ route: 'type' })).toMatchObject([{ conditional: true, status: 304 }]);
    expect(await rowsOf(database, 'types', 'type_id')).toMatchObject([{ name: 'Rifter' }]);
  });
});

test.each(backings)('structures of players are never asked about, on $name', async (backing) => {
  const { esi, pass } = await openBench(backing);
  addExchange(esi, { start_location_id: 1_040_000_000_001, end_location_id: 1_040_000_000_001 });
  await pass();
  expect(esi.requests.count(({ path }) => path.includes('10400'))).toBe(0);
  expect(esi.requests.count({ route: 'station' })).toBe(0);
});
