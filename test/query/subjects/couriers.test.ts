import { describe, expect, it } from 'vitest';
import { ask, idsOf } from '../../helpers/ask.ts';
import { type Backing, backings, openTestStore } from '../../helpers/backings.ts';
import { fill, inHours } from '../../helpers/contracts.ts';
import { domain, places, saveUniverse, theForge } from '../../helpers/universe.ts';

const ids = { short: 1, toStructure: 2, fromStructure: 3, intoSpace: 4, weightless: 5, exchange: 6, gone: 7, edge: 8 };
const jitaToAmarr = { type: 'courier', start_location_id: places.jitaStation, end_location_id: places.amarrStation };
const contracts = [
  {
    contract_id: ids.short,
    row: { ...jitaToAmarr, reward: 5_000_000, collateral: 2_000_000_000, volume: 12.5, days_to_complete: 3 },
  },
  { contract_id: ids.toStructure, row: { ...jitaToAmarr, reward: 1, end_location_id: places.structure } },
  { contract_id: ids.fromStructure, row: { ...jitaToAmarr, reward: 1, start_location_id: places.structure } },
  {
    contract_id: ids.intoSpace,
    row: { ...jitaToAmarr, reward: 1, end_location_id: 30002187, volume: 4, collateral: 8 },
  },
  {
    contract_id: ids.weightless,
    row: { ...jitaToAmarr, reward: 7, collateral: 0, volume: 0, end_location_id: undefined },
  },
  { contract_id: ids.exchange, row: { ...jitaToAmarr, type: 'item_exchange', reward: 1 } },
  { contract_id: ids.gone, row: { ...jitaToAmarr, reward: 1 }, isGone: true },
  { contract_id: ids.edge, row: { ...jitaToAmarr, end_location_id: 999_999_999_999 } },
];

async function opened(backing: Backing) {
  const { store, close, database } = await openTestStore(backing);
  await saveUniverse(store);
  // ESI says which constellations a region has, and never which region a constellation is in.
  for (const [id, name, constellations] of [
    [theForge, 'The Forge', [20000019, 20000020]],
    [domain, 'Domain', [20000322]],
  ] as const) {
    const times = { fetched_at: inHours(-1), expires_at: inHours(24) };
    const response = { region_id: id, name, constellations };
    await store.saveReferences([{ kind: 'region', id, fields: { name }, response, etag: null, ...times }]);
  }
  await fill(store, contracts);
  await close();
  return database;
}

describe.each(backings)('query couriers on $name', (backing) => {
  it('has what a hauler weighs, and both ends with system and region', async () => {
    const filters = { id: [String(ids.short)] };
    const [row] = await ask(await opened(backing), { subject: 'couriers', filters });
    expect(row).toMatchObject({
      contract_id: ids.short,
      reward: 5_000_000,
      collateral: 2_000_000_000,
      volume: 12.5,
      reward_per_m3: 400_000,
      reward_to_collateral: 0.0025,
      days_to_complete: 3,
      start_location_name: 'Jita IV - Moon 4',
      start_is_structure: false,
      start_system_name: 'Jita',
      start_region_name: 'The Forge',
      end_location_name: 'Amarr VIII (Oris)',
      end_is_structure: false,
      end_system_id: 30002187,
      end_system_name: 'Amarr',
      end_region_id: domain,
      end_region_name: 'Domain',
    });
  });

  it('knows no end where it is not public, and no ratio to nothing', async () => {
    const fields = [
      'contract_id',
      'reward_per_m3',
      'reward_to_collateral',
      'end_is_structure',
      'end_system_name',
      'end_region_name',
    ];
    const rows = await ask(await opened(backing), { subject: 'couriers', fields, sort: 'contract_id' });
    expect(rows.map((row) => Object.values(row))).toEqual([
      [ids.short, 400_000, 0.0025, false, 'Amarr', 'Domain'],
      [ids.toStructure, null, null, true, null, null],
      [ids.fromStructure, null, null, false, 'Amarr', 'Domain'],
      [ids.intoSpace, 0.25, 0.125, false, 'Amarr', 'Domain'],
      [ids.weightless, null, null, null, null, null],
      [ids.edge, null, null, false, null, null],
    ]);
  });

  it.each<[Record<string, string[]>, number[]]>([
    [{ 'no-structures': [] }, [ids.short, ids.intoSpace, ids.weightless, ids.edge]],
    [{ 'min-reward': ['2'] }, [ids.short, ids.weightless]],
    [{ 'max-reward': ['2'] }, [ids.toStructure, ids.fromStructure, ids.intoSpace]],
    [{ 'min-reward-per-m3': ['1'] }, [ids.short]],
    [{ 'max-reward-per-m3': ['1'] }, [ids.intoSpace]],
    [{ 'max-days': ['3'] }, [ids.short]],
    [{ 'min-days': ['4'], 'max-days': ['30'] }, []],
    [{ 'max-collateral': ['1b'] }, [ids.intoSpace, ids.weightless]],
    [{ 'max-volume': ['10'] }, [ids.intoSpace, ids.weightless]],
    [{ state: ['gone'] }, [ids.gone]],
    [{ location: [String(places.structure)] }, [ids.fromStructure]],
    [{ 'end-system': ['amarr'] }, [ids.short, ids.fromStructure, ids.intoSpace]],
    [{ 'end-system': ['Jita'] }, []],
    [{ 'end-region': ['domain'] }, [ids.short, ids.fromStructure, ids.intoSpace]],
    [{ 'end-region': ['The Forge'] }, []],
    [{ 'end-location': ['Amarr VIII'] }, [ids.short, ids.fromStructure]],
    // A name in full is that of the system, in whose space one of them ends.
    [{ 'end-location': ['Amarr'] }, [ids.intoSpace]],
    [{ 'end-location': [String(places.structure)] }, [ids.toStructure]],
    [{ system: ['Jita'], 'end-system': ['Amarr'] }, [ids.short, ids.intoSpace]],
  ])('%j', async (filters, expected) => {
    expect(idsOf(await ask(await opened(backing), { subject: 'couriers', filters, sort: 'contract_id' }))).toEqual(
      expected,
    );
  });

  it('sorts by what the reward is worth, the best first', async () => {
    const question = { subject: 'couriers', sort: 'reward-per-m3', descending: true, limit: 2 };
    expect(idsOf(await ask(await opened(backing), question))).toEqual([ids.short, ids.intoSpace]);
  });
});
