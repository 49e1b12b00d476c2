import { describe, expect, test } from 'vitest';
import type { RegionSweep, RunStart } from '../../src/store/records/pass.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { domain, forge } from '../helpers/esi-rows.ts';
import { runCounts } from '../helpers/ledger-rows.ts';
import { rowsOf } from '../helpers/tables.ts';

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';

const runStart = (run_id: string, started_at = noon): RunStart => ({
  run_id,
  started_at,
  host: 'host',
  process_id: 4_711,
  version: '1.0.0',
});

const regionSweep = (given: Partial<RegionSweep> = {}): RegionSweep => ({
  run_id: 'one',
  region_id: forge,
  outcome: 'complete',
  started_at: noon,
  finished_at: later,
  last_modified: 'Sun, 01 Mar 2026 12:00:00 GMT',
  pages: 1,
  listed: 2,
  new: 3,
  returned: 4,
  stored: 5,
  gone: 6,
  deferred: 7,
  quarantined: 8,
  requests: 9,
  not_modified: 10,
  errors: 11,
  error: null,
  ...given,
});

describe.each(backings)("a pass's row, on $name", (backing) => {
  test('is running until it is closed with its counts', async () => {
    const { store, database } = await openTestStore(backing);
    await store.openRun(runStart('one'));
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([
      { ...runStart('one'), outcome: 'running', finished_at: null, exit_code: null, contracts_listed: null },
    ]);
    const end = { run_id: 'one', finished_at: later, outcome: 'partial', exit_code: 3, error: '1 contract waits' };
    await store.closeRun({ ...end, counts: runCounts });
    expect(await rowsOf(database, 'runs', 'run_id')).toEqual([{ ...runStart('one'), ...end, ...runCounts }]);
  });

  test('may be closed without counts', async () => {
    const { store, database } = await openTestStore(backing);
    await store.openRun(runStart('one'));
    await store.closeRun({ run_id: 'one', finished_at: later, outcome: 'failed', exit_code: 1, error: 'broken' });
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([
      { outcome: 'failed', exit_code: 1, error: 'broken', contracts_listed: null },
    ]);
  });

  test('of a pass that died is interrupted when the next one begins; those that ended stay as they are', async () => {
    const { store, database } = await openTestStore(backing);
    await store.openRun(runStart('a ended'));
    await store.closeRun({ run_id: 'a ended', finished_at: noon, outcome: 'complete', exit_code: 0, error: null });
    await store.openRun(runStart('b died'));
    await store.openRun(runStart('c now', later));
    expect(await rowsOf(database, 'runs', 'run_id')).toMatchObject([
      { run_id: 'a ended', outcome: 'complete', finished_at: noon },
      { run_id: 'b died', outcome: 'interrupted', finished_at: later },
      { run_id: 'c now', outcome: 'running', finished_at: null },
    ]);
  });
});

describe.each(backings)("regions' rows, on $name", (backing) => {
  test('are one for each region and pass, the last one counting', async () => {
    const { store, database } = await openTestStore(backing);
    await store.recordRegionSweeps([regionSweep({ outcome: 'not_reached' }), regionSweep({ region_id: domain })]);
    await store.recordRegionSweeps([regionSweep({ error: 'page 2: 500', outcome: 'inconclusive', listed: 99 })]);
    await store.recordRegionSweeps([regionSweep({ run_id: 'two' })]);
    await store.recordRegionSweeps([]);
    const rows = await rowsOf(database, 'region_sweeps', 'run_id');
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      expect.arrayContaining([
        regionSweep({ error: 'page 2: 500', outcome: 'inconclusive', listed: 99 }),
        regionSweep({ region_id: domain }),
        regionSweep({ run_id: 'two' }),
      ]),
    );
  });

  test('make their regions known', async () => {
    const { store } = await openTestStore(backing);
    await store.recordRegionSweeps([regionSweep(), regionSweep({ region_id: domain })]);
    expect((await store.missingReferences('region', noon)).map(({ id }) => id)).toEqual([forge, domain]);
  });
});

describe.each(backings)('the table of regions, on $name', (backing) => {
  test('gets each region once, and keeps the names it has', async () => {
    const { store } = await openTestStore(backing);
    await store.saveRegionIds([forge, domain]);
    const facts = { etag: null, fetched_at: noon, expires_at: later };
    const fields = { name: 'The Forge' };
    await store.saveReferences([{ kind: 'region', id: forge, fields, response: fields, ...facts }]);
    await store.saveRegionIds([domain, forge, 10_000_030]);
    await store.saveRegionIds([]);
    const regions = await store.regions();
    expect(regions.toSorted((left, right) => left.region_id - right.region_id)).toEqual([
      { region_id: forge, name: 'The Forge' },
      { region_id: 10_000_030, name: null },
      { region_id: domain, name: null },
    ]);
  });
});

test.each(backings)('facts about the database are kept and replaced, on $name', async (backing) => {
  const { store } = await openTestStore(backing);
  expect(await store.readMeta('regions_expire_at')).toBeUndefined();
  await store.writeMeta('regions_expire_at', noon);
  await store.writeMeta('regions_expire_at', later);
  expect(await store.readMeta('regions_expire_at')).toBe(later);
  expect(await store.readMeta('identity')).toBe(store.identity);
});
