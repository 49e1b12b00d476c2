import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DumpSummary } from '../../src/dump/import.ts';
import { newReadyUser } from '../end-to-end/user.ts';
import {
  backings,
  newMigratedDatabase,
  noRedis,
  openTestStore,
  postgreSql,
  processBackings,
  sqlite,
  type TestDatabase,
} from '../helpers/backings.ts';
import { run, start, startProcess } from '../helpers/cli.ts';
import { openMarket } from '../helpers/market.ts';
import { contractsIn, itemsIn } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const environmentOf = ({ url }: TestDatabase) => ({ HANGARBAY_DATABASE_URL: url });
const isPositive = (count: number) => count > 0;
const dumpFile = () => join(temporaryFolder(), 'contracts.dump.gz');

async function exported(database: TestDatabase): Promise<string> {
  const path = dumpFile();
  expect(await run(['export', 'dump', path], environmentOf(database))).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  });
  return path;
}

const imported = (path: string, database: TestDatabase, ...flags: string[]) =>
  run(['import', 'dump', path, ...flags], environmentOf(database));

/** Both databases must give the same answers. */
async function answersOf(database: TestDatabase): Promise<string[]> {
  const all = ['--limit', '0', '--format', 'ndjson'];
  const questions = [
    ['contracts', '--state', 'all', '--items', '--bids', '--flags'],
    ['changes'],
    ['rolls'],
    ['types'],
    ['runs'],
    ['regions'],
  ];
  const answers: string[] = [];
  for (const question of questions) {
    const ended = await run(['query', ...question, ...all], environmentOf(database));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    answers.push(ended.stdout);
  }
  return answers;
}

/** The lines of a dump, changed and compressed again. */
function repacked(path: string, change: (lines: string[]) => string[]): string {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  const changed = dumpFile();
  writeFileSync(changed, gzipSync(`${change(lines).join('\n')}\n`));
  return changed;
}

describe('a dump', () => {
  it('goes from SQLite to PostgreSQL and back, and all three answer alike', async () => {
    const { database: source } = await openMarket(sqlite);
    const there = await newMigratedDatabase(postgreSql);
    const back = await newMigratedDatabase(sqlite);
    expect(await imported(await exported(source), there)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await imported(await exported(there), back)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const answers = await answersOf(source);
    expect(await answersOf(there)).toEqual(answers);
    expect(await answersOf(back)).toEqual(answers);
  });

  it.each(backings)(
    'brings what passes remember: the next one asks what it would have asked, on $name',
    async (backing) => {
      const user = await newReadyUser(sqlite, { plainContracts: 6 });
      await user.aggregate();
      const target = await newMigratedDatabase(backing);
      expect(await imported(await exported(user.database), target)).toMatchObject({ code: 0 });
      user.esi.requests.clear();
      const environment = { ...user.environment, ...environmentOf(target) };
      expect(await run(['aggregate'], environment)).toMatchObject({ code: 0, stderr: '' });
      expect(user.esi.requests.length).toBe(0);
    },
  );

  it.skipIf(noRedis !== undefined)('brings validators that are in Redis, into Redis or the database', async () => {
    const [, backing] = processBackings;
    const user = await newReadyUser(backing ?? sqlite, { plainContracts: 6 });
    await user.aggregate();
    const path = dumpFile();
    expect(await user.run('export', 'dump', path)).toMatchObject({ code: 0, stderr: '' });
    for (const isInRedis of [true, false]) {
      const target = await newMigratedDatabase(sqlite);
      const { HANGARBAY_CACHE_URL: cache = '', ...others } = user.environment;
      const environment = { ...others, ...environmentOf(target), ...(isInRedis ? { HANGARBAY_CACHE_URL: cache } : {}) };
      expect(await run(['import', 'dump', path], environment)).toMatchObject({ code: 0, stderr: '' });
      user.esi.requests.clear();
      expect(await run(['aggregate'], environment)).toMatchObject({ code: 0, stderr: '' });
      expect(user.esi.requests.length).toBe(0);
    }
    const unreachable = await user.run('export', 'dump', path, '--cache-url', 'redis://127.0.0.1:1');
    expect(unreachable).toMatchObject({ code: 0, stderr: expect.stringContaining('the dump has no validators') });
  });

  it('goes through pipes', async () => {
    const { database } = await openMarket(sqlite);
    const path = dumpFile();
    const target = await newMigratedDatabase(sqlite);
    const binary = join(import.meta.dirname, '../../bin/hangarbay.js');
    const line = `"${process.execPath}" "${binary}" export dump - > "${path}" && HANGARBAY_DATABASE_URL="${target.url}" "${process.execPath}" "${binary}" import dump - --json < "${path}"`;
    const ended = await startProcess('sh', ['-c', line], environmentOf(database)).ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      source: 'stdin',
      merge: false,
      rows: { contracts: expect.any(Number) },
    });
    const { rows, added } = JSON.parse(ended.stdout) as DumpSummary;
    // The new database keeps its identity.
    expect(added).toEqual({ ...rows, meta: (rows.meta ?? 0) - 1 });
    expect(await contractsIn(target)).toEqual(await contractsIn(database));
  });

  it.each(backings)('that is cut off or altered changes nothing, on $name', async (backing) => {
    const { database } = await openMarket(sqlite);
    const whole = await exported(database);
    const cut = dumpFile();
    writeFileSync(cut, readFileSync(whole).subarray(0, -300));
    const target = await newMigratedDatabase(backing);
    const isContract = (line: string) => line.startsWith('[101,');
    for (const [path, problem] of [
      [cut, 'truncated'],
      [repacked(whole, (lines) => lines.slice(0, -1)), 'truncated'],
      [
        repacked(whole, (lines) => lines.map((line) => (isContract(line) ? line.replace('101', '987654') : line))),
        'altered',
      ],
      [
        repacked(whole, (lines) => lines.flatMap((line) => (isContract(line) ? [line, line] : [line]))),
        'rejects rows of contracts',
      ],
      [repacked(whole, (lines) => lines.filter((line) => !isContract(line))), 'altered'],
      [repacked(whole, (lines) => [...lines, '[1]']), 'data after the end'],
      [repacked(whole, (lines) => ['{"hello":1}', ...lines.slice(1)]), 'not a hangarbay dump'],
      [
        repacked(whole, (lines) => [lines[0]?.replace('"migration":"', '"migration":"9999_') ?? '', ...lines.slice(1)]),
        '9999_',
      ],
      [join(import.meta.dirname, 'dump.test.ts'), 'not gzip'],
      ['/no/such/file', '/no/such/file: cannot read the file'],
    ] as const) {
      const ended = await imported(path, target);
      expect(ended, problem).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(problem) });
      expect(await contractsIn(target)).toEqual([]);
    }
    expect(await imported(whole, target)).toMatchObject({ code: 0 });
  });

  it('is not mixed with other contents unless that is asked for', async () => {
    const { database } = await openMarket(sqlite);
    const path = await exported(database);
    const again = await imported(path, database);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('the database is not empty') });
  });

  it.each(backings)('is added to what is there with --merge, once, on $name', async (backing) => {
    const { database } = await openMarket(sqlite);
    const path = await exported(database);
    const whole = await answersOf(database);
    const target = await newMigratedDatabase(backing);
    await imported(path, target);
    expect(await run(['prune', '--gone-before', '1s', '--json'], environmentOf(target))).toMatchObject({ code: 0 });
    const lacking = {
      contracts: (await contractsIn(database)).length - (await contractsIn(target)).length,
      contract_items: (await itemsIn(database)).length - (await itemsIn(target)).length,
    };
    expect(lacking).toEqual({ contracts: expect.toSatisfy(isPositive), contract_items: expect.toSatisfy(isPositive) });
    // Reference data is named by listed contracts, too, so pruning has left it.
    const nothing = { contracts: 0, contract_items: 0, contract_changes: 0, runs: 0, types: 0, meta: 0 };
    for (const added of [lacking, nothing]) {
      const ended = await imported(path, target, '--merge', '--json', '--log-level', 'info');
      expect(ended).toMatchObject({ code: 0 });
      const summary = JSON.parse(ended.stdout) as DumpSummary;
      expect(summary.added).toMatchObject(added);
      const all = Object.values(summary.added).reduce((a, b) => a + b);
      expect(ended.stderr).toContain(`"${all} rows added, with ${added.contracts} contracts`);
      const answers = await answersOf(target);
      expect(answers[0]).toEqual(whole[0]);
      expect(answers.slice(2)).toEqual(whole.slice(2));
      expect(answers[1]?.split('\n').length).toBe(whole[1]?.split('\n').length);
    }
  });

  it('is imported by one process at a time, and whole or not at all when the process dies', async () => {
    const { database } = await openMarket(sqlite);
    const path = await exported(database);
    const held = await openTestStore(sqlite);
    expect(await imported(path, held.database)).toMatchObject({ code: 11 });
    const target = await newMigratedDatabase(sqlite);
    const dying = start(['import', 'dump', '-'], environmentOf(target));
    dying.process.stdin?.write(readFileSync(path).subarray(0, -300));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    dying.process.kill('SIGKILL');
    await dying.ended;
    expect(await contractsIn(target)).toEqual([]);
    expect(await imported(path, target)).toMatchObject({ code: 0 });
  });

  it('ends quietly where its reader has seen enough, and says so where the output cannot be written', async () => {
    const { database } = await openMarket(sqlite);
    const binary = `"${process.execPath}" "${join(import.meta.dirname, '../../bin/hangarbay.js')}"`;
    const closed = startProcess(
      'bash',
      ['-c', `${binary} export dump - | head -c 100 > /dev/null`],
      environmentOf(database),
    );
    expect(await closed.ended).toMatchObject({ code: 0, stderr: '' });
    const full = await startProcess('bash', ['-c', `${binary} export dump - > /dev/full`], environmentOf(database))
      .ended;
    expect(full).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot write the output: ENOSPC') });
  });

  it('leaves the file that was there where it cannot be written whole', async () => {
    const { database } = await openMarket(sqlite);
    const ended = await run(['export', 'dump', '/proc/no/such.gz'], environmentOf(database));
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot write /proc/no/such.gz') });
  });
});
