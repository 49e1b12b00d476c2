import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { type Backing, backings, openTestStore, type TestDatabase } from '../helpers/backings.ts';
import { type Ended, run, start } from '../helpers/cli.ts';
import { fill, inHours, runId, theForge } from '../helpers/contracts.ts';
import { runCounts, sweepRow } from '../helpers/ledger-rows.ts';
import { change } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

interface Reader {
  readonly store: Store;
  readonly database: TestDatabase;
  /** The folder of bookmarks. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  changes(...args: string[]): Promise<Ended>;
  /** The contract ids returned by `--since last`, or by other arguments. */
  told(...args: string[]): Promise<number[]>;
  remembered(name?: string): { readonly cursor: number };
  /** Replaces a bookmark. */
  rewrite(text: string, name?: string): void;
  /** Lets contracts appear. */
  appear(...contractIds: number[]): Promise<void>;
  /** Restores a copy that was made before these contracts appeared. */
  restore(...contractIds: number[]): Promise<void>;
  /** Lets contracts appear in a pass of the last hour. */
  appearLater(...contractIds: number[]): Promise<void>;
}

async function newReader(backing: Backing): Promise<Reader> {
  const { store, database } = await openTestStore(backing);
  // Before the first pass every answer comes with a warning.
  await store.recordRegionSweeps([sweepRow({ region_id: theForge, outcome: 'complete', finished_at: inHours(-1) })]);
  const state = temporaryFolder();
  const folder = join(state, 'hangarbay');
  const environment = { HANGARBAY_DATABASE_URL: database.url, XDG_STATE_HOME: state };
  const args = ['query', 'changes', '--format', 'ndjson'];
  const all = new Set<number>();
  const pathOf = (name = '') => join(folder, `changes-${store.identity}${name}.json`);
  const reader: Reader = {
    store,
    database,
    folder,
    args,
    environment,
    changes: (...more) => run([...args, ...more], environment),
    async told(...more) {
      const since = more.includes('--since') ? [] : ['--since', 'last'];
      const ended = await reader.changes(...since, ...more);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const lines = ended.stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => (JSON.parse(line) as { contract_id: number }).contract_id);
    },
    remembered: (name) => JSON.parse(readFileSync(pathOf(name), 'utf8')),
    rewrite: (text, name) => writeFileSync(pathOf(name), text),
    async appear(...contractIds) {
      for (const id of contractIds) all.add(id);
      await fill(
        store,
        [...all].map((contract_id) => ({ contract_id })),
      );
    },
    async restore(...contractIds) {
      for (const id of contractIds) all.delete(id);
      for (const table of ['contracts', 'contract_changes']) {
        await change(database, `DELETE FROM ${table} WHERE contract_id IN (${contractIds.join()})`);
      }
      const newest = 'SELECT max(change_id) FROM contract_changes';
      await change(
        database,
        database.location.dialect === 'sqlite'
          ? `UPDATE sqlite_sequence SET seq = (${newest}) WHERE name = 'contract_changes'`
          : `SELECT setval(pg_get_serial_sequence('contract_changes', 'change_id'), (${newest}))`,
      );
    },
    async appearLater(...contractIds) {
      await reader.appear(...contractIds);
      const ids = contractIds.join();
      await change(
        database,
        `UPDATE contract_changes SET run_id = 'a-later-run', at = '${inHours(-0.5)}' WHERE contract_id IN (${ids})`,
      );
    },
  };
  return reader;
}

describe.each(backings)('query changes --since last on $name', (backing) => {
  it('tells nothing the first time, then what has happened since the last call, once', async () => {
    const { appear, told, remembered, folder } = await newReader(backing);
    await appear(1, 2);
    expect(await told()).toEqual([]);
    await appear(3, 4);
    expect(await told()).toEqual([3, 4]);
    expect(await told()).toEqual([]);
    await appear(5);
    expect(await told()).toEqual([5]);
    expect(await told('--since', '0')).toEqual([1, 2, 3, 4, 5]);
    expect(remembered()).toEqual({
      cursor: expect.any(Number),
      run_id: runId,
      contract_id: 5,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  });

  it('with --limit continues after the last returned row', async () => {
    const { appear, told } = await newReader(backing);
    await appear(1);
    await told();
    await appear(2, 3, 4, 5, 6);
    expect(await told('--limit', '2')).toEqual([2, 3]);
    expect(await told('--limit', '2')).toEqual([4, 5]);
    expect(await told('--limit', '2')).toEqual([6]);
    expect(await told('--limit', '2')).toEqual([]);
  });

  it('does not tell later what a filter left out', async () => {
    const { appear, told } = await newReader(backing);
    await told();
    await appear(1, 2, 3);
    expect(await told('--id', '2')).toEqual([2]);
    expect(await told()).toEqual([]);
  });

  it('has a separate place for each name', async () => {
    const { appear, told, remembered } = await newReader(backing);
    await appear(1);
    await told();
    await told('--since', 'last:discord');
    await appear(2);
    expect(await told('--since', 'last:discord')).toEqual([2]);
    expect(await told()).toEqual([2]);
    expect(remembered('.discord')).toEqual(remembered());
  });

  it('stays where it is when the rows are only counted', async () => {
    const { appear, told, changes } = await newReader(backing);
    await told();
    await appear(1, 2);
    expect(await changes('--since', 'last', '--count')).toMatchObject({ code: 0, stdout: '2\n', stderr: '' });
    expect(await told()).toEqual([1, 2]);
  });

  it('stays where it is when the pipe is closed before the last byte', async () => {
    const { store, told, args, environment, remembered } = await newReader(backing);
    await told();
    const before = remembered();
    const titled = (contract_id: number) => ({ contract_id, row: { title: 'x'.repeat(10_000) } });
    await fill(
      store,
      Array.from({ length: 150 }, (_, index) => titled(index + 1)),
    );
    const running = start([...args, '--since', 'last'], environment);
    const { stdout } = running.process;
    if (stdout === null) throw new Error('stdout is no pipe');
    await once(stdout, 'data');
    stdout.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(remembered()).toEqual(before);
    expect(await told()).toHaveLength(150);
    expect(await told()).toEqual([]);
  });

  it('starts again, and says so, when the database is older than the bookmark', async () => {
    const { store, appear, told, changes, folder } = await newReader(backing);
    await appear(1);
    await told();
    writeFileSync(join(folder, `changes-${store.identity}.json`), '{"cursor":4711}\n');
    const ended = await changes('--since', 'last');
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toMatch(/4711.*restored/);
    await appear(2);
    expect(await told()).toEqual([2]);
  });

  it('tells the changes since the bookmark, and says so, when an older copy was restored', async () => {
    const { appear, told, changes, restore, appearLater } = await newReader(backing);
    await appear(1, 2);
    await told();
    await told('--since', 'last:discord');
    await appear(3, 4);
    expect(await told()).toEqual([3, 4]);
    expect(await told('--since', 'last:discord', '--limit', '1')).toEqual([3]);
    await restore(3, 4);
    await appearLater(5, 6, 7);
    for (const name of ['last', 'last:discord']) {
      const counted = await changes('--since', name, '--count');
      expect(counted).toMatchObject({ code: 0, stdout: '3\n', stderr: expect.stringContaining('restored') });
      const ended = await changes('--since', name, '--fields', 'contract_id');
      expect(ended).toMatchObject({ code: 0, stdout: [5, 6, 7].map((id) => `{"contract_id":${id}}\n`).join('') });
      expect(ended.stderr).toMatch(/does not have.*restored from an older copy.*the changes after \d{4}-/);
      expect(await told('--since', name)).toEqual([]);
    }
    await appear(8);
    expect(await told()).toEqual([8]);
  });

  it('tells the changes since the bookmark also when the restored copy has not caught up with it', async () => {
    const { appear, told, changes, restore, appearLater } = await newReader(backing);
    await appear(1);
    await told();
    await appear(2, 3, 4);
    expect(await told()).toEqual([2, 3, 4]);
    await restore(2, 3, 4);
    await appearLater(5);
    const ended = await changes('--since', 'last', '--fields', 'contract_id');
    expect(ended).toMatchObject({ code: 0, stdout: '{"contract_id":5}\n' });
    expect(ended.stderr).toMatch(/the newest change.*restored from an older copy.*the changes after \d{4}-/);
    expect(await told()).toEqual([]);
  });

  it('goes on after a change that was pruned', async () => {
    const { store, database, appear, told, restore, appearLater, changes } = await newReader(backing);
    const run = { run_id: runId, started_at: inHours(-2), host: 'here', process_id: 1, version: '1' };
    await store.openRun(run);
    const end = { finished_at: inHours(-1), outcome: 'complete', exit_code: 0, error: null } as const;
    await store.closeRun({ run_id: runId, ...end, counts: runCounts });
    await told();
    await appear(1, 2, 3);
    expect(await told('--limit', '2')).toEqual([1, 2]);
    await change(database, 'DELETE FROM contract_changes WHERE contract_id = 2');
    expect(await told()).toEqual([3]);
    // Of a pass that a restored database does not know, the change is not pruned.
    await restore(3);
    await appearLater(4, 5, 6);
    await change(database, 'DELETE FROM contract_changes WHERE contract_id IN (4)');
    await change(database, `DELETE FROM runs WHERE run_id = '${runId}'`);
    const ended = await changes('--since', 'last', '--fields', 'contract_id');
    expect(ended).toMatchObject({ code: 0, stdout: '{"contract_id":5}\n{"contract_id":6}\n' });
    expect(ended.stderr).toContain('restored from an older copy');
  });

  it('goes on from a bookmark of an earlier version, which has the cursor only', async () => {
    const { appear, told, remembered, rewrite } = await newReader(backing);
    await appear(1);
    await told();
    const { cursor } = remembered();
    await appear(2);
    rewrite(`{"cursor":${cursor}}\n`);
    expect(await told()).toEqual([2]);
    expect(remembered()).toMatchObject({ run_id: runId, contract_id: 2 });
  });

  it('tells a bid with its amount', async () => {
    const { store, told, changes } = await newReader(backing);
    await told();
    const bids = [{ bid_id: 9, amount: 12.5, date_bid: inHours(-2) }];
    await fill(store, [{ contract_id: 1, row: { type: 'auction', price: 5 }, items: [{ type_id: 34 }], bids }]);
    const fields = ['--fields', 'change,contract_id,price,amount'];
    const { stdout } = await changes('--since', 'last', '--change', 'bid', ...fields);
    expect(JSON.parse(stdout)).toEqual({ change: 'bid', contract_id: 1, price: 5, amount: 12.5 });
  });
});

describe('a bookmark', () => {
  const [sqlite] = backings;
  if (sqlite === undefined) throw new Error('there is no backing');

  it.each([
    '[]',
    'null',
    '{"cursor":-1}',
    '{"cursor":"1"}',
    '{"cursor":1,"run_id":2}',
    '{"cursor":1,"run_id":"a","contract_id":1,"at":"now"}',
    '',
  ])('with %j in it is an error, and left alone', async (text) => {
    const { store, folder, changes } = await newReader(sqlite);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `changes-${store.identity}.json`);
    writeFileSync(path, text);
    const ended = await changes('--since', 'last');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(path);
    expect(ended.stderr).not.toMatch(/\bat .+:\d+:\d+/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    ['last:', 'is not a name'],
    ['last:../x', 'is not a name'],
    ['last:a b', 'is not a name'],
    ['latest', 'not a duration, instant or cursor'],
  ])('named %j is refused', async (name, reason) => {
    const { changes, folder } = await newReader(sqlite);
    const ended = await changes('--since', name);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(reason);
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['--sort', 'price'],
    ['--offset', '1'],
    ['--since', '1h'],
  ])('and %s %s do not go together', async (...args) => {
    const { changes } = await newReader(sqlite);
    const ended = await changes('--since', 'last', ...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/--since/);
  });

  it('that cannot be saved is a failure before any output', async () => {
    const { folder, appear, changes } = await newReader(sqlite);
    await appear(1);
    writeFileSync(folder, 'in the way');
    const ended = await changes('--since', 'last');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(folder);
    expect(ended.stderr).not.toMatch(/\bat .+:\d+:\d+/);
  });

  it('is for the eyes of its owner, and may be a link, which stays', async () => {
    const { store, folder, environment, args, told } = await newReader(sqlite);
    const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
    const script = 'umask 000; exec "$0" -- "$@" --since last';
    const env = { PATH: process.env.PATH, ...environment };
    execFileSync('sh', ['-c', script, process.execPath, executable, ...args], { env });
    const path = join(folder, `changes-${store.identity}.json`);
    const modes = () => [folder, path].map((each) => (statSync(each).mode & 0o777).toString(8));
    expect(modes()).toEqual(['700', '600']);
    chmodSync(path, 0o640);
    renameSync(path, join(folder, 'kept.json'));
    symlinkSync('kept.json', path);
    await told();
    expect(modes()).toEqual(['700', '640']);
    expect(readlinkSync(path)).toBe('kept.json');
  });

  it('that is a dangling link is an error before any output, and left alone', async () => {
    const { store, folder, changes } = await newReader(sqlite);
    mkdirSync(folder);
    const path = join(folder, `changes-${store.identity}.json`);
    symlinkSync('gone.json', path);
    const ended = await changes('--since', 'last');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('dangling symbolic link');
    expect(readlinkSync(path)).toBe('gone.json');
  });

  it('is for one reader at a time: a second one waits, and gets nothing twice', async () => {
    const reader = await newReader(sqlite);
    expect(await reader.told()).toEqual([]);
    await reader.appear(...Array.from({ length: 2_000 }, (_, index) => index + 1));
    const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
    const env = { PATH: process.env.PATH, HOME: '/nonexistent', ...reader.environment };
    // Nobody reads the output yet, and it is larger than a pipe's buffer.
    const slow = spawn(process.execPath, ['--', executable, ...reader.args, '--since', 'last'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => {
      slow.kill('SIGKILL');
    });
    await once(slow.stdout, 'readable');
    const second = reader.told();
    const chunks: string[] = [];
    slow.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    expect(await once(slow, 'close')).toEqual([0, null]);
    expect(chunks.join('').trimEnd().split('\n')).toHaveLength(2_000);
    expect(await second).toEqual([]);
  });

  it('is made before the first pass, and the next call tells what that brought', async () => {
    const folder = temporaryFolder();
    const environment = { HANGARBAY_DATABASE_URL: join(folder, 'contracts.db'), XDG_STATE_HOME: folder };
    await run(['migrate'], environment);
    const ended = await run(['query', 'changes', '--since', 'last', '--format', 'json'], environment);
    expect(ended).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(ended.stderr).toContain('no region has been swept yet');
    const [name = ''] = readdirSync(join(folder, 'hangarbay'));
    expect(JSON.parse(readFileSync(join(folder, 'hangarbay', name), 'utf8'))).toEqual({ cursor: 0 });
  });
});
