import { hostname } from 'node:os';
import stringWidth from 'string-width';
import { beforeEach, describe, expect, it } from 'vitest';
import { readStatus, type Status } from '../../../src/query/status/status.ts';
import { statusText } from '../../../src/query/status/status-text.ts';
import type { LockState } from '../../../src/store/lock.ts';
import type { Store } from '../../../src/store/store.ts';
import { type Backing, backings, openTestStore, readFrom, type TestDatabase } from '../../helpers/backings.ts';
import { inHours } from '../../helpers/contracts.ts';
import { listed, sweepOf, unusable } from '../../helpers/esi-rows.ts';
import { sweepRow } from '../../helpers/ledger-rows.ts';
import { recordAlone } from '../../helpers/stored.ts';
import { stopTime } from '../../helpers/time.ts';
import { domain, heimatar, saveUniverse, theForge } from '../../helpers/universe.ts';

const wormholes = 11000001;
const hour = 3_600_000;
/** An output without a width limit. */
const plain = { color: false };

beforeEach(stopTime);

/** A database that knows The Forge, Domain, Heimatar and a region that is not of known space. */
async function open(backing: Backing): Promise<{ store: Store; database: TestDatabase }> {
  const { store, database } = await openTestStore(backing);
  await saveUniverse(store);
  await store.saveRegionIds([wormholes]);
  return { store, database };
}

async function pass(store: Store, run_id: string, started_at: string, outcome?: string, host = hostname()) {
  await store.openRun({ run_id, started_at, host, process_id: process.pid, version: '0.1.0' });
  if (outcome === undefined) return;
  const exit_code = outcome === 'complete' ? 0 : 3;
  await store.closeRun({ run_id, finished_at: started_at, outcome, exit_code, error: null });
}

function statusOf(database: TestDatabase, regions: readonly string[] = ['all'], maxAgeMilliseconds = 2 * hour) {
  return readFrom(database, (reader) =>
    readStatus({ regions, maxAgeMilliseconds }, reader, { is_held: null, holder: null }),
  );
}

const sweptAt = (store: Store, finished_at: string, ...regionIds: number[]) =>
  store.recordRegionSweeps(regionIds.map((region_id) => sweepRow({ region_id, outcome: 'complete', finished_at })));

const freshness = ({ regions }: Status) => regions.map(({ region_id, is_fresh }) => [region_id, is_fresh]);

describe.each(backings)('the status on $name', (backing) => {
  it('of a database without a pass says so, whatever regions are configured', async () => {
    const { database } = await openTestStore(backing);
    for (const regions of [['all'], ['The Forge'], ['10000002']]) {
      expect(await statusOf(database, regions)).toEqual({
        as_of: inHours(0),
        verdict: 'no_successful_pass',
        static_data: null,
        pruned_before: null,
        rolls: { known: 0, of: 0 },
        prices_as_of: null,
        exit_code: 1,
        max_age_seconds: 7_200,
        running: null,
        lock: { is_held: null, holder: null },
        last_run: null,
        last_successful_run: null,
        runs: [],
        backlog: { deferred: 0, gone_before_items: 0, quarantined: 0 },
        regions: [],
      });
    }
  });

  it.each(['failed', 'unavailable', 'interrupted'])(
    'after a pass that was %s still knows no success',
    async (outcome) => {
      const { store, database } = await open(backing);
      await pass(store, 'a', inHours(-1), outcome);
      await sweptAt(store, inHours(-1), theForge, domain, heimatar);
      expect(await statusOf(database)).toMatchObject({
        verdict: 'no_successful_pass',
        exit_code: 1,
        last_run: { run_id: 'a', outcome },
      });
    },
  );

  it.each(['complete', 'partial'])('after a pass that was %s is fresh when every region is', async (outcome) => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(-1), outcome);
    await sweptAt(store, inHours(-1), theForge, domain, heimatar);
    const status = await statusOf(database);
    expect(status).toMatchObject({ verdict: 'fresh', exit_code: 0, last_successful_run: { run_id: 'a', outcome } });
    expect(freshness(status)).toEqual([
      [theForge, true],
      [heimatar, true],
      [domain, true],
    ]);
  });

  it('is stale when one region is, by the age of its last complete sweep', async () => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(-5), 'complete');
    await sweptAt(store, inHours(-5), domain);
    await sweptAt(store, inHours(-1), theForge);
    // Sweeps that are not complete make nothing fresh.
    const other = { region_id: domain, finished_at: inHours(-0.5) };
    for (const outcome of ['inconclusive', 'failed', 'fresh', 'not_reached'] as const) {
      await store.recordRegionSweeps([sweepRow({ ...other, outcome })]);
    }
    const status = await statusOf(database);
    expect(status).toMatchObject({ verdict: 'stale', exit_code: 3 });
    expect(freshness(status)).toEqual([
      [theForge, true],
      [heimatar, false],
      [domain, false],
    ]);
    expect(status.regions[2]).toMatchObject({ last_complete_sweep_at: inHours(-5), age_seconds: 5 * 3_600 });
    expect(status.regions[1]).toMatchObject({ last_complete_sweep_at: null, age_seconds: null });
    expect(await statusOf(database, ['the forge'])).toMatchObject({ verdict: 'fresh', exit_code: 0 });
    expect(await statusOf(database, [String(theForge), 'DOMAIN'], 6 * hour)).toMatchObject({ verdict: 'fresh' });
    expect(await statusOf(database, ['The Forge'], hour / 2)).toMatchObject({ verdict: 'stale' });
  });

  it('is of each region once, and of those outside known space when they are named', async () => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(-1), 'complete');
    const { regions } = await statusOf(database, ['Domain', 'all', String(wormholes), 'domain']);
    expect(regions.map(({ region_id }) => region_id)).toEqual([domain, theForge, heimatar, wormholes]);
  });

  it('is of a region that is named by whole words of its name alone', async () => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(-1), 'complete');
    const { regions } = await statusOf(database, ['forge']);
    expect(regions.map(({ name }) => name)).toEqual(['The Forge']);
  });

  it.each(['The Frge', '10000999', 'all but one'])('of an unknown region "%s" is refused', async (text) => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(-1), 'complete');
    const refused = statusOf(database, [text]);
    await expect(refused).rejects.toMatchObject({ exitCode: 2 });
    await expect(refused).rejects.toThrow(`--region or HANGARBAY_REGIONS: region "${text}" is unknown`);
  });

  it('shows the newest passes and the one under way, and whether it lives', async () => {
    const { store, database } = await open(backing);
    for (const hours of [-7, -6, -5, -4, -3, -2]) await pass(store, `run${hours}`, inHours(hours), 'complete');
    await pass(store, 'elsewhere', inHours(-1), undefined, 'another.example');
    const status = await statusOf(database);
    expect(status.running).toMatchObject({ run_id: 'elsewhere', host: 'another.example', is_alive: null });
    expect(status.last_run).toMatchObject({ run_id: 'run-2' });
    expect(status.runs.map(({ run_id }) => run_id)).toEqual(['elsewhere', 'run-2', 'run-3', 'run-4', 'run-5']);
    await pass(store, 'here', inHours(-0.5));
    expect((await statusOf(database)).running).toMatchObject({ run_id: 'here', is_alive: true });
    const lastProcess = 2 ** 22 + 1;
    const dead = { run_id: 'dead', started_at: inHours(-0.25), host: hostname(), process_id: lastProcess };
    await store.openRun({ ...dead, version: '0.1.0' });
    const after = await statusOf(database);
    expect(after.running).toEqual({ ...dead, is_alive: false });
    expect(await statusText(after, plain)).toMatch(/running: a pass since .* its process has ended/);
  });

  it('counts what waits in the backlog, and not what is gone', async () => {
    const { store, database } = await open(backing);
    await recordAlone(store, sweepOf(inHours(-2), [listed(1), listed(2), listed(3), listed(4)]));
    const attempt = { attempts: 1, next_attempt_at: inHours(1), last_status: 404, last_answer: '404' };
    await store.postponeContract({ contract_id: 2, status: 'gone_before_items', ...attempt });
    await recordAlone(
      store,
      sweepOf(inHours(-1), [listed(1), listed(2), listed(3)], { quarantined: [unusable('price', null)] }),
    );
    expect((await statusOf(database)).backlog).toEqual({ deferred: 2, gone_before_items: 1, quarantined: 1 });
  });

  it('for people begins with the verdict', async () => {
    const { store, database } = await open(backing);
    expect(await statusText(await statusOf(database), plain)).toMatch(/^no pass has succeeded yet\. Run: hangarbay/);
    await pass(store, 'a', inHours(-1), 'partial');
    await sweptAt(store, inHours(-1), theForge);
    const stale = await statusText(await statusOf(database), plain);
    expect(stale).toMatch(
      /^stale: 2 of 3 regions without a complete sweep within 2h: Heimatar, Domain\nlast pass: partial, exit code 3/,
    );
    expect(stale).toMatch(/\nbacklog: 0 deferred, 0 gone before their items, 0 quarantined\n/);
    expect(stale).toMatch(/\n +10000002 +The Forge +true +1h /);
    expect(stale).toMatch(/\n +10000043 +Domain +false +never /);
    const fresh = await statusText(await statusOf(database, ['The Forge']), plain);
    expect(fresh).toMatch(/^fresh: 1 of 1 regions swept within 2h\n/);
  });

  it('for people says just now rather than no time ago', async () => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(0), 'complete');
    await sweptAt(store, inHours(0), theForge);
    const text = await statusText(await statusOf(database, ['The Forge']), plain);
    expect(text).toMatch(/\nlast pass: complete, exit code 0, ended \S+Z, just now\n/);
    expect(text).toMatch(/ The Forge +true +0s /);
  });

  it.each([40, 80, 120])('for people has tables that fit a terminal of %d columns', async (width) => {
    const { store, database } = await open(backing);
    await pass(store, 'a', inHours(-1), 'complete', 'a-host-with-a-long-name.example.com');
    await sweptAt(store, inHours(-1), theForge);
    const text = await statusText(await statusOf(database), { color: false, width });
    const tables = text.slice(text.indexOf('\n\n')).split('\n');
    for (const line of tables) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    expect(text).toMatch(/^ *10000002 +The Forge/m);
  });
});

describe.each(backings)('a pass on another host, on $name', (backing) => {
  it('is over when the lock is free', async () => {
    const { database, store } = await openTestStore(backing);
    await pass(store, 'elsewhere', inHours(-1), undefined, 'another-host');
    const alive = async (lock: LockState) => {
      const question = { regions: ['all'], maxAgeMilliseconds: 2 * hour };
      return (await readFrom(database, (reader) => readStatus(question, reader, lock))).running?.is_alive;
    };
    const holder = { host: 'another-host', process_id: process.pid, since: inHours(-1) };
    expect(await alive({ is_held: true, holder })).toBe(true);
    expect(await alive({ is_held: false, holder: null })).toBe(false);
    expect(await alive({ is_held: null, holder: null })).toBe(null);
  });
});
