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
import { type Backing, backings, openTestStore } from '../helpers/backings.ts';
import { type Ended, run, start } from '../helpers/cli.ts';
import { fill, inHours, theForge } from '../helpers/contracts.ts';
import { sweepRow } from '../helpers/ledger-rows.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

interface Reader {
  readonly store: Store;
  /** The folder of bookmarks. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  changes(...args: string[]): Promise<Ended>;
  /** The contract ids returned by `--since last`, or by other arguments. */
  told(...args: string[]): Promise<number[]>;
  remembered(name?: string): unknown;
  /** Lets contracts appear. */
  appear(...contractIds: number[]): Promise<void>;
}

async function newReader(backing: Backing): Promise<Reader> {
  const { store, database } = await openTestStore(backing);
  // Before the first pass every answer comes with a warning.
  await store.recordRegionSweeps([sweepRow({ region_id: theForge, outcome: 'complete', finished_at: inHours(-1) })]);
  const state = temporaryFolder();
  const folder = join(state, 'hangarbay');
  const environment = { HANGARBAY_DATABASE_URL: database.url, XDG_STATE_HOME: state };
  const args = ['query', 'changes', '--format', 'ndjson'];
  const all: number[] = [];
  const reader: Reader = {
    store,
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
    remembered: (name = '') => JSON.parse(readFileSync(join(folder, `changes-${store.identity}${name}.json`), 'utf8')),
    async appear(...contractIds) {
      all.push(...contractIds);
      await fill(
        store,
        all.map((contract_id) => ({ contract_id })),
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
    expect(remembered()).toEqual({ cursor: expect.any(Number) });
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

  it.each(['[]', 'null', '{"cursor":-1}', '{"cursor":"1"}', ''])(
    'with %j in it is an error, and left alone',
    async (text) => {
      const { store, folder, changes } = await newReader(sqlite);
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `changes-${store.identity}.json`);
      writeFileSync(path, text);
      const ended = await changes('--since', 'last');
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain(path);
      expect(ended.stderr).not.toMatch(/\bat .+:\d+:\d+/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

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
