import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDownloads } from '../../src/sde/download.ts';
import { type ImportOptions, importStaticData } from '../../src/sde/import.ts';
import type { Store } from '../../src/store/store.ts';
import { buildUniverse } from '../fake-esi/universe/build.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { serveFiles } from '../helpers/file-server.ts';
import { addExchanges, openBench } from '../helpers/pass.ts';
import { build, type ExportLines, exportOf, releaseDate, zipOf } from '../helpers/static-export.ts';
import { rowsFrom, rowsOf } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const universe = buildUniverse({ regions: [10_000_002], syntheticTypes: 0 });
const usual = exportOf(universe);
const usualZip = await zipOf(usual);

/** The export in a file, with some of its files replaced; undefined takes one out. */
async function fileOf(changed: Readonly<Record<string, ExportLines[string] | undefined>> = {}): Promise<string> {
  const lines = Object.fromEntries(Object.entries({ ...usual, ...changed }).filter(([, rows]) => rows !== undefined));
  return fileWith(await zipOf(lines as ExportLines));
}

function fileWith(content: Buffer): string {
  const path = join(temporaryFolder(), 'export.zip');
  writeFileSync(path, content);
  return path;
}

async function importFrom(store: Store, source: string, options: ImportOptions = {}) {
  const { signal } = new AbortController();
  const downloads = openDownloads('tests@example.com', signal);
  onTestFinished(() => downloads.close());
  return importStaticData(source, options, { store, downloads, progress: { file: '', lines: 0 }, signal });
}

const older = [{ _key: 'sde', buildNumber: build - 1, releaseDate }];

describe.each(backings)('an import of static data, on $name', (backing) => {
  test('writes what it knows of each kind', async () => {
    const { store, database } = await openTestStore(backing);
    const summary = await importFrom(store, await fileOf());
    expect(summary).toMatchObject({ build, released_at: releaseDate, outcome: 'imported' });
    expect(summary.rows).toMatchObject({ types: universe.types.size, systems: universe.systems.size });
    const types = await rowsOf(database, 'types', 'type_id');
    expect(types.map(({ type_id, name }) => [type_id, name])).toEqual(
      [...universe.types.values()].map((it) => [it.type_id, it.name]).toSorted(([a], [b]) => Number(a) - Number(b)),
    );
    const [webifier] = types.filter(({ type_id }) => type_id === 47_702);
    expect(webifier).toMatchObject({ group_id: 65, meta_group_id: 15, volume: 5, packaged_volume: 5 });
    expect(Boolean(webifier?.is_dynamic)).toBe(true);
    const [jita] = await rowsFrom(database, sql`SELECT * FROM systems WHERE system_id = 30000142`);
    expect(jita).toMatchObject({ name: 'Jita', region_id: 10_000_002, constellation_id: 20_000_020 });
    const [range] = await rowsFrom(database, sql`SELECT * FROM dogma_attributes WHERE name = 'maxRange'`);
    expect(range).toMatchObject({ display_name: 'Optimal Range', unit_name: 'm' });
    // Attributes of types without mutaplasmids are skipped, and so are attributes that none changes.
    expect(await rowsOf(database, 'type_attributes', 'type_id')).toHaveLength(17 * 2);
    expect(await rowsOf(database, 'mutations', 'mutator_type_id')).toHaveLength(17);
    expect(await rowsOf(database, 'mutation_ranges', 'mutator_type_id')).toHaveLength(17 * 2);
  });

  test('leaves a pass nothing to ask about types, groups, market groups, regions and systems', async () => {
    const { esi, pass, store, database } = await openBench(backing);
    addExchanges(esi, 12);
    await importFrom(store, await fileOf());
    await pass();
    const routes = new Set(esi.requests.all().map(({ route }) => route));
    expect([...routes].toSorted()).toEqual(['items', 'list', 'names']);
    const [station] = await rowsFrom(database, sql`SELECT name, system_id FROM locations`);
    expect(station).toEqual({ name: expect.stringMatching(/^Jita IV - Moon 4/), system_id: 30_000_142 });
  });

  test('comes on top of what ESI has said', async () => {
    const { esi, pass, store, database } = await openBench(backing);
    addExchanges(esi, 3);
    await pass();
    const responses = await rowsFrom(database, sql`SELECT type_id, response FROM types WHERE response IS NOT NULL`);
    const types = usual.types?.map((line) => (line._key === 587 ? { ...line, name: { en: 'Rifter II' } } : line));
    await importFrom(store, await fileOf({ types }));
    const after = await rowsFrom(database, sql`SELECT type_id, response FROM types WHERE response IS NOT NULL`);
    expect(after).toEqual(responses);
    expect(await rowsFrom(database, sql`SELECT name FROM types WHERE type_id = 587`)).toEqual([{ name: 'Rifter II' }]);
  });

  test('asks ESI about what is newer than the export', async () => {
    const { esi, pass, store, database } = await openBench(backing);
    addExchanges(esi, 3);
    const types = usual.types?.filter((line) => line._key !== 587);
    await importFrom(store, await fileOf({ types }));
    await pass();
    expect(esi.requests.count({ route: 'type' })).toBe(1);
    expect(await rowsFrom(database, sql`SELECT name FROM types WHERE type_id = 587`)).toEqual([{ name: 'Rifter' }]);
  });

  test('may be repeated, and a build that is older is refused unless it is forced', async () => {
    const { store, database } = await openTestStore(backing);
    await importFrom(store, await fileOf());
    const before = await rowsOf(database, 'stargates', 'stargate_id');
    await importFrom(store, await fileOf());
    expect(await rowsOf(database, 'stargates', 'stargate_id')).toEqual(before);
    const [gate] = usual.mapStargates ?? [];
    const source = await fileOf({ _sde: older, mapStargates: gate === undefined ? [] : [gate] });
    await expect(importFrom(store, source)).rejects.toThrow(
      `is build ${build - 1}, older than build ${build} in the database`,
    );
    expect(await rowsOf(database, 'stargates', 'stargate_id')).toEqual(before);
    await importFrom(store, source, { force: true });
    expect(await rowsOf(database, 'stargates', 'stargate_id')).toHaveLength(1);
  });

  const [jita, ...otherSystems] = usual.mapSolarSystems ?? [];
  const without = (field: string) => Object.fromEntries(Object.entries(jita ?? {}).filter(([name]) => name !== field));
  test.each([
    [
      'lacks a field that it must have',
      { mapSolarSystems: [...otherSystems, without('securityStatus')] },
      /mapSolarSystems\.jsonl, line \d+: securityStatus: /,
    ],
    [
      'has a field of another kind',
      { types: [{ ...usual.types?.[0], name: 'Rifter' }] },
      /types\.jsonl, line 1: name: /,
    ],
    ['has an empty file', { mapStargates: [] }, /mapStargates\.jsonl is empty/],
    ['lacks a file', { npcStations: undefined }, /npcStations\.jsonl is missing/],
    ['does not say which build it is', { _sde: [{ _key: 'other' }] }, /has no build number/],
    ['says its build in words', { _sde: [{ _key: 'sde', buildNumber: 'new' }] }, /has no build number/],
  ])('changes nothing where the export %s', async (_what, changed, message) => {
    const { store, database } = await openTestStore(backing);
    await expect(importFrom(store, await fileOf(changed))).rejects.toThrow(message);
    expect(await rowsOf(database, 'types', 'type_id')).toEqual([]);
    expect(await store.readMeta('sde_build')).toBeUndefined();
  });

  test('need not say when it was released', async () => {
    const { store } = await openTestStore(backing);
    const source = await fileOf({ _sde: [{ _key: 'sde', buildNumber: build }] });
    expect(await importFrom(store, source)).toMatchObject({ outcome: 'imported', build, released_at: null });
  });

  test('passes over files and fields that it does not know', async () => {
    const { store } = await openTestStore(backing);
    const types = usual.types?.map((line) => ({ ...line, soundID: 1, new: { deep: [1] } }));
    const summary = await importFrom(store, await fileOf({ types, mapMoons: [{ _key: 1 }] }));
    expect(summary.rows?.types).toBe(universe.types.size);
  });
});

const [sqlite] = backings;

describe('an invalid export', () => {
  async function refusal(source: string): Promise<string> {
    const { store } = await openTestStore(sqlite as (typeof backings)[number]);
    return importFrom(store, source).then(
      () => 'imported',
      (error: Error) => error.message,
    );
  }

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(200_000)],
    ['a zip that is cut off', usualZip.subarray(0, usualZip.length / 2)],
  ])('is reported: %s', async (_what, content) => {
    expect(await refusal(fileWith(content))).toMatch(/^cannot read .*export\.zip as a zip: /);
  });

  test('is reported: no such file, and a folder', async () => {
    expect(await refusal('/no/such/file.zip')).toMatch(/^cannot read \/no\/such\/file\.zip as a zip: ENOENT/);
    expect(await refusal(temporaryFolder())).toMatch(/it is a folder/);
  });

  test('is reported: a damaged file', async () => {
    const damaged = Buffer.from(usualZip);
    damaged.fill(7, 2_000, 4_000);
    expect(await refusal(fileWith(damaged))).toMatch(/^cannot read .*export\.zip: \w+\.jsonl, line \d+: /);
  });

  test('is reported: a line without an end, before it fills the memory', async () => {
    const zip = await zipOf({ ...usual, types: [{ _key: 1, name: { en: ' '.repeat(20_000_000) } }] });
    expect(await refusal(fileWith(zip))).toMatch(/types\.jsonl, line 1: maximum buffer reached/);
  });
});

describe('an export at an address', () => {
  const zipPath = '/static-data/eve-online-static-data-latest-jsonl.zip';
  const buildPath = `/static-data/tranquility/eve-online-static-data-${build}-jsonl.zip`;
  const latestPath = '/static-data/tranquility/latest.jsonl';
  // Most of the real export is of no use here.
  const padding = Array.from({ length: 30_000 }, (_, _key) => ({ _key, text: Math.random() }));
  const latest = (number: number) =>
    `{"_key":"other"}\n${JSON.stringify({ _key: 'sde', buildNumber: number, releaseDate })}\n`;

  async function openAt(options = {}, newest = build) {
    const zip = await zipOf({ mapMoons: padding, ...usual });
    const files = { [zipPath]: `->${buildPath}`, [buildPath]: zip, [latestPath]: latest(newest) };
    const server = await serveFiles(files, options);
    const { store, database } = await openTestStore(sqlite as (typeof backings)[number]);
    return { store, database, server, zip, source: server.url + zipPath };
  }

  test('is read in parts, and only the files that are needed', async () => {
    const { store, server, zip, source } = await openAt();
    expect(await importFrom(store, source)).toMatchObject({ outcome: 'imported', build });
    expect(new Set(server.requests.filter(({ path }) => path === buildPath).map(({ status }) => status))).toEqual(
      new Set([206]),
    );
    expect(server.sent()).toBeLessThan(zip.length * 0.5);
  });

  test('is read whole from a server that sends no parts', async () => {
    const { store, source } = await openAt({ ranges: false });
    expect(await importFrom(store, source)).toMatchObject({ outcome: 'imported', build });
  });

  test('is read on where an answer breaks off', async () => {
    const { store, source } = await openAt({ breaksOff: (count: number) => count % 3 === 0 });
    expect(await importFrom(store, source)).toMatchObject({ outcome: 'imported', build });
  });

  test('is kept when every answer breaks off, or none arrives', async () => {
    const { store, database, source } = await openAt({ breaksOff: () => true });
    await expect(importFrom(store, source)).rejects.toMatchObject({ exitCode: 12 });
    await expect(importFrom(store, `${source}.other`)).rejects.toThrow(/the server answered 404; nothing was changed/);
    expect(await rowsOf(database, 'types', 'type_id')).toEqual([]);
  });

  test('costs one small request where the database has the newest build', async () => {
    const { store, server, source } = await openAt();
    await importFrom(store, source, { ifNewer: true });
    server.requests.length = 0;
    expect(await importFrom(store, source, { ifNewer: true })).toMatchObject({ outcome: 'up_to_date', build });
    expect(server.requests).toEqual([{ path: latestPath, range: undefined, status: 200 }]);
  });
});
