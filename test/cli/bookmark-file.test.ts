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
import { backings } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { newReader } from './bookmark-reader.ts';

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
