import { describe, expect, it } from 'vitest';
import { asOf, freshnessOf, freshnessWarning, type RegionFreshness } from '../../../src/query/engine/freshness.ts';
import { resolve } from '../../../src/query/engine/resolve.ts';
import type { RegionSweep } from '../../../src/store/records/pass.ts';
import { instantAfter, toInstant } from '../../../src/time.ts';
import { questionOf } from '../../helpers/ask.ts';
import { backings, openTestStore, readFrom, type TestDatabase } from '../../helpers/backings.ts';
import { fill, inHours, theForge } from '../../helpers/contracts.ts';
import { sweepRow } from '../../helpers/ledger-rows.ts';
import { domain, heimatar, places, saveUniverse } from '../../helpers/universe.ts';

type Sweep = [hours: number, outcome: RegionSweep['outcome']];

const now = toInstant(new Date());

async function freshness(database: TestDatabase, region?: string[], subject = 'contracts') {
  const filters = region === undefined ? {} : { region };
  return readFrom(
    database,
    async (reader) => freshnessOf(await resolve(questionOf({ subject, filters }), reader)),
    now,
  );
}

describe.each(backings)('freshness on $name', (backing) => {
  /** A database with these sweeps in its ledger, given in hours from now. */
  async function swept(sweeps: Readonly<Record<number, readonly Sweep[]>>): Promise<TestDatabase> {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    for (const [region, rows] of Object.entries(sweeps)) {
      for (const [hours, outcome] of rows) {
        const finished_at = instantAfter(new Date(now), hours * 3_600_000);
        await store.recordRegionSweeps([sweepRow({ region_id: Number(region), outcome, finished_at })]);
      }
    }
    await close();
    return database;
  }

  it.each<[string, Sweep[], { is_fresh: boolean; warns: boolean }]>([
    ['a complete sweep just now', [[0, 'complete']], { is_fresh: true, warns: false }],
    ['a complete sweep two hours ago', [[-2, 'complete']], { is_fresh: true, warns: false }],
    ['a complete sweep longer ago', [[-2.001, 'complete']], { is_fresh: false, warns: true }],
    [
      'an inconclusive sweep after a complete one',
      [
        [-1, 'complete'],
        [-0.5, 'inconclusive'],
      ],
      { is_fresh: true, warns: true },
    ],
    [
      'a failed sweep after a complete one',
      [
        [-1, 'complete'],
        [-0.5, 'failed'],
      ],
      { is_fresh: true, warns: true },
    ],
    [
      'a complete sweep after a failed one',
      [
        [-1, 'failed'],
        [-0.5, 'complete'],
      ],
      { is_fresh: true, warns: false },
    ],
    [
      'a pass that found the list unexpired, and one that was stopped, after a complete sweep',
      [
        [-1, 'complete'],
        [-0.5, 'fresh'],
        [-0.2, 'not_reached'],
      ],
      { is_fresh: true, warns: false },
    ],
    ['nothing but an inconclusive sweep', [[-0.5, 'inconclusive']], { is_fresh: false, warns: true }],
  ])('%s', async (_, sweeps, { is_fresh, warns }) => {
    const database = await swept({ [theForge]: sweeps });
    const regions = await freshness(database);
    expect(regions).toEqual([expect.objectContaining({ region_id: theForge, is_fresh })]);
    expect(freshnessWarning(regions, now) !== undefined).toBe(warns);
  });

  it('covers all swept regions, and no others', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    await fill(store, [{ contract_id: 1, region_id: domain }]);
    await store.recordRegionSweeps([
      sweepRow({ region_id: heimatar, outcome: 'failed', finished_at: inHours(-5) }),
      sweepRow({ region_id: theForge, outcome: 'not_reached', finished_at: inHours(-5) }),
    ]);
    await close();
    const regions = await freshness(database);
    expect(regions).toEqual(
      [
        {
          region_id: heimatar,
          region_name: 'Heimatar',
          last_complete_sweep_at: null,
          last_sweep_at: expect.stringMatching(/Z$/),
          last_sweep_outcome: 'failed',
          is_fresh: false,
        },
        expect.objectContaining({
          region_id: domain,
          region_name: 'Domain',
          last_sweep_outcome: 'complete',
          is_fresh: true,
        }),
      ].toSorted((a, b) => (a.region_id as number) - (b.region_id as number)),
    );
    expect(asOf(regions)).toBeNull();
  });

  it('covers the regions of --region, by name or id, even if they were never swept', async () => {
    const database = await swept({ [theForge]: [[-9, 'complete']], [domain]: [[0, 'complete']] });
    const ids = (regions: RegionFreshness[]) => regions.map(({ region_id }) => region_id);
    expect(ids(await freshness(database, ['domain']))).toEqual([domain]);
    expect(ids(await freshness(database, [String(theForge), 'Domain']))).toEqual([theForge, domain].sort());
    expect(freshnessWarning(await freshness(database, ['Domain']), now)).toBeUndefined();
    expect(freshnessWarning(await freshness(database, ['Heimatar']), now)).toContain(
      'Heimatar never had a complete sweep',
    );
  });

  it('covers the regions selected by filters of place or id', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    const times = { fetched_at: inHours(-1), expires_at: inHours(24), etag: null };
    for (const [id, name, constellations] of [
      [theForge, 'The Forge', [20000020]],
      [domain, 'Domain', [20000322]],
    ] as const) {
      await store.saveReferences([{ kind: 'region', id, fields: { name }, response: { constellations }, ...times }]);
    }
    await fill(store, [
      { contract_id: 1, row: { start_location_id: places.jita } },
      { contract_id: 2, region_id: domain },
      { contract_id: 3, region_id: heimatar, row: { start_location_id: places.structure } },
    ]);
    await close();
    const asked = async (filters: Record<string, string[]>) => {
      const regions = await readFrom(database, async (reader) =>
        freshnessOf(await resolve(questionOf({ filters }), reader)),
      );
      return regions.map(({ region_id }) => region_id);
    };
    const all = [theForge, heimatar, domain].sort((a, b) => a - b);
    expect(await asked({ system: ['Jita'] })).toEqual([theForge]);
    expect(await asked({ system: ['Jita', 'Amarr'] })).toEqual([theForge, domain]);
    expect(await asked({ location: ['Amarr VIII (Oris)'] })).toEqual([domain]);
    expect(await asked({ location: ['Jita'] })).toEqual([theForge]);
    expect(await asked({ id: ['2', '3'] })).toEqual([heimatar, domain]);
    expect(await asked({ system: ['Amarr'], region: ['The Forge'] })).toEqual([]);
    expect(await asked({ system: ['Amarr'], region: ['all'] })).toEqual([domain]);
    // Where a structure is, is not public, and a contract that is not there may be anywhere.
    expect(await asked({ location: [String(places.structure)] })).toEqual(all);
    expect(await asked({ location: ['Amarr VIII (Oris)', String(places.structure)] })).toEqual(all);
    expect(await asked({ id: ['99'] })).toEqual(all);
    expect(await asked({ system: ['30009999'] })).toEqual(all);
    expect(await asked({ region: ['ALL'] })).toEqual(all);
  });

  it('is nothing that answers about something else have', async () => {
    const database = await swept({ [theForge]: [[-9, 'complete']] });
    expect(await freshness(database, undefined, 'types')).toEqual([]);
    expect(await freshness(database, undefined, 'runs')).toEqual([]);
  });
});

function region(
  region_name: string | null,
  hours: number | null,
  outcome = 'complete',
  region_id = 1,
): RegionFreshness {
  const last_complete_sweep_at = hours === null ? null : instantAfter(new Date(now), hours * 3_600_000);
  const is_fresh = hours !== null && hours > -2;
  return { region_id, region_name, last_complete_sweep_at, last_sweep_at: now, last_sweep_outcome: outcome, is_fresh };
}

describe('the warning', () => {
  it('says what is wrong with which region, the worst first, and what to do', () => {
    const regions = [region('Domain', -1), region('The Forge', -5), region('Heimatar', null, 'failed')];
    expect(freshnessWarning(regions, now)).toBe(
      'the answer may be out of date: Heimatar never had a complete sweep; ' +
        'The Forge had its last complete sweep 5 hours ago. Run: hangarbay aggregate (details: hangarbay query regions)',
    );
  });

  it('says how the last sweep ended', () => {
    const text = freshnessWarning([region('A', -1, 'inconclusive'), region(null, -3, 'failed', 77)], now);
    expect(text).toContain('region 77 had its last complete sweep 3 hours ago, and its last sweep failed; ');
    expect(text).toContain('A had its last complete sweep 1 hour ago, and its last sweep was inconclusive.');
  });

  it('names a few regions only', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => region(`R${index}`, -50 + index));
    expect(freshnessWarning(many(3), now)).not.toContain('more');
    expect(freshnessWarning(many(4), now)).toContain(
      'R2 had its last complete sweep 2 days ago; 1 more region is stale',
    );
    expect(freshnessWarning(many(9), now)).toContain('; 6 more regions are stale as well.');
  });
});

it('an answer is as of the oldest complete sweep', () => {
  expect(asOf([region('A', -1), region('B', -3), region('C', -2)])).toBe(region('B', -3).last_complete_sweep_at);
  expect(asOf([region('A', -1), region('B', null)])).toBeNull();
  expect(asOf([])).toBeNull();
});
