import { describe, expect, it } from 'vitest';
import { noStaticRows } from '../../../src/eve/static-data.ts';
import { resolve } from '../../../src/query/engine/resolve.ts';
import { findRoutes } from '../../../src/sde/routes.ts';
import { ask, questionOf } from '../../helpers/ask.ts';
import { type Backing, backings, openTestStore, readFrom, type TestDatabase } from '../../helpers/backings.ts';
import { fill, inHours } from '../../helpers/contracts.ts';

/** Jita, two systems on the route to Amarr, and Amarr; the second one is also connected to a low-security system. */
const [jita, niyabainen, tama, amarr, thera] = [30_000_142, 30_000_143, 30_002_813, 30_002_187, 31_000_005] as const;
const secure = { [jita]: 0.9459, [niyabainen]: 0.8, [tama]: 0.3, [amarr]: 1, [thera]: -0.99 };
const gates = [
  [jita, niyabainen],
  [niyabainen, amarr],
  [niyabainen, tama],
].flatMap(([a = 0, b = 0]) => [
  [a, b],
  [b, a],
]);
const data = {
  build: 1,
  released_at: '2026-03-01T12:00:00Z',
  rows: {
    ...noStaticRows(),
    systems: Object.entries(secure).map(([id, security_status]) => ({
      system_id: Number(id),
      name: `System ${id}`,
      constellation_id: 20_000_020,
      region_id: 10_000_002,
      security_status,
    })),
    stargates: gates.map(([system_id = 0, destination_system_id = 0], index) => ({
      stargate_id: index + 1,
      system_id,
      destination_system_id,
    })),
  },
};

const courier = (contract_id: number, start_location_id: number, end_location_id: number) => ({
  contract_id,
  row: { type: 'courier', reward: 6_000_000, start_location_id, end_location_id },
});
const structure = 1_035_466_617_946;
const station = 60_003_760;

async function openCouriers(backing: Backing) {
  const { store, database, close } = await openTestStore(backing);
  await store.saveStaticData(data, inHours(-1));
  const names = { name: 'Jita IV', system_id: jita };
  const times = { response: null, etag: null, fetched_at: inHours(-1), expires_at: null };
  await store.saveReferences([{ kind: 'station', id: station, fields: names, ...times }]);
  await fill(store, [
    courier(1, jita, amarr),
    courier(2, station, tama),
    courier(3, jita, jita),
    courier(4, jita, thera),
    courier(5, jita, structure),
  ]);
  await findRoutes(store);
  await close();
  return database;
}

async function noticesOf(database: TestDatabase, filters: Record<string, string[]>): Promise<readonly string[]> {
  const question = questionOf({ subject: 'couriers', filters });
  return readFrom(database, async (reader) => (await resolve(question, reader)).notices);
}

describe.each(backings)('the ways of couriers, on $name', (backing) => {
  it('are shown, and what each jump pays', async () => {
    const fields = ['contract_id', 'jumps', 'jumps_secure', 'lowest_security', 'reward_per_jump', 'end_region_id'];
    const rows = await ask(await openCouriers(backing), { subject: 'couriers', fields, sort: 'contract_id' });
    const row = (contract_id: number, ...values: unknown[]) =>
      Object.fromEntries(fields.map((name, index) => [name, [contract_id, ...values][index]]));
    expect(rows).toEqual([
      row(1, 2, 2, 0.8, 3_000_000, 10_000_002),
      row(2, 2, null, 0.3, 3_000_000, 10_000_002),
      row(3, 0, 0, 0.9459, null, 10_000_002),
      row(4, null, null, null, null, 10_000_002),
      row(5, null, null, null, null, null),
    ]);
  });

  it('are filtered and sorted by', async () => {
    const database = await openCouriers(backing);
    const kept = async (filters: Record<string, string[]>) => {
      const rows = await ask(database, { subject: 'couriers', filters, fields: ['contract_id'], sort: 'contract_id' });
      return rows.map(({ contract_id }) => contract_id);
    };
    expect(await kept({ secure: [] })).toEqual([1, 3]);
    expect(await kept({ 'max-jumps': ['1'] })).toEqual([3]);
    expect(await kept({ 'max-jumps': ['2'] })).toEqual([1, 2, 3]);
    const sorted = await ask(database, { subject: 'couriers', sort: 'jumps_secure', descending: true });
    expect(sorted.map(({ contract_id }) => contract_id)).toEqual([1, 3, 2, 4, 5]);
  });

  it('filters say so if static data is missing', async () => {
    const { store, database, close } = await openTestStore(backing);
    await fill(store, [courier(1, jita, amarr)]);
    await close();
    expect(await noticesOf(database, { 'max-jumps': ['30'], secure: [] })).toEqual([
      '--max-jumps: no routes are known without static data. Run: hangarbay import sde',
      '--secure: no routes are known without static data. Run: hangarbay import sde',
    ]);
    expect(await noticesOf(database, {})).toEqual([]);
  });

  it('filters say nothing if no route is short enough', async () => {
    const database = await openCouriers(backing);
    expect(await noticesOf(database, { 'max-jumps': ['0'], secure: [] })).toEqual([]);
  });

  it('filters say nothing before the first courier has a route', async () => {
    const { store, database, close } = await openTestStore(backing);
    await store.saveStaticData(data, inHours(-1));
    await close();
    expect(await noticesOf(database, { 'max-jumps': ['30'] })).toEqual([]);
  });
});
