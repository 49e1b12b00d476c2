import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backings, sqlite } from '../helpers/backings.ts';
import { run, start } from '../helpers/cli.ts';
import { listed } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { parseCsv } from '../query/format/parse-csv.ts';

/** Far more than a pipe's buffer. */
const many = Array.from({ length: 150 }, (_, index) => ({
  contract_id: index + 1,
  row: { title: 'x'.repeat(10_000) },
}));

describe.each(backings)('output of queries on $name', (backing) => {
  const market = sharedMarket(backing);
  const large = sharedMarket(backing, many);

  it('is JSON when stdout is not a terminal, and nothing but data', async () => {
    const { database } = market();
    const ended = await run(['query', '-v', '--database-url', database.url, '--sort', 'contract_id']);
    expect(ended.code).toBe(0);
    const rows = JSON.parse(ended.stdout) as { contract_id: number }[];
    expect(rows.map(({ contract_id }) => contract_id)).toEqual(listed);
  });

  it('is the same contracts in every format', async () => {
    const { database } = market();
    const common = ['query', '--database-url', database.url, '--fields', 'contract_id,title', '--sort', 'contract_id'];
    const [json, ndjson, csv, table] = await Promise.all(
      ['json', 'ndjson', 'csv', 'table'].map((format) => run([...common, '--format', format])),
    );
    for (const ended of [json, ndjson, csv, table]) expect(ended).toMatchObject({ code: 0, stderr: '' });
    const rows = JSON.parse(json?.stdout ?? '') as { contract_id: number; title: string | null }[];
    expect(rows.map(({ contract_id }) => contract_id)).toEqual(listed);
    expect(JSON.parse(`[${ndjson?.stdout.trimEnd().split('\n').join(',')}]`)).toEqual(rows);
    expect(parseCsv(csv?.stdout ?? '')).toEqual([
      ['contract_id', 'title'],
      ...rows.map(({ contract_id, title }) => [String(contract_id), title === '=1+1' ? "'=1+1" : (title ?? '')]),
    ]);
    expect(table?.stdout.trimEnd().split('\n')).toHaveLength(rows.length + 1);
    expect(table?.stdout).not.toContain('\u001B');
  });

  it('the limit is 50 unless said otherwise, and 0 means all', async () => {
    const { database } = large();
    const length = async (...args: string[]) =>
      (JSON.parse((await run(['query', '--database-url', database.url, ...args])).stdout) as unknown[]).length;
    expect(await length()).toBe(50);
    expect(await length('--limit', '0')).toBe(150);
    expect(await length('--limit', '7')).toBe(7);
    expect(await length('--offset', '148')).toBe(2);
  });

  it('is reported as cut by the default limit at log level info, and to no cron job', async () => {
    const { database } = large();
    const said = (...args: string[]) =>
      run(['query', '--database-url', database.url, '--fields', 'contract_id', '--log-level', 'info', ...args]);
    for (const format of ['json', 'ndjson', 'csv', 'table']) {
      const { code, stdout, stderr } = await said('--format', format, '--sort', 'contract_id');
      expect(code).toBe(0);
      expect(stdout.match(/\d+/g)?.map(Number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(JSON.parse(stderr)).toMatchObject({
        level: 'info',
        msg: 'showing the first 50 rows; use --limit 0 for all',
      });
    }
    expect((await said('--no-flagged')).stderr).toContain('showing the first');
    for (const args of [
      ['--log-level', 'warn'],
      ['--limit', '50'],
      ['--limit', '0'],
      ['--count'],
      ['--offset', '100'],
      ['--id', '7'],
    ])
      expect(await said(...args)).toMatchObject({ code: 0, stderr: '' });
  });

  it('has the fields of every --fields, and a link as any other field', async () => {
    const { database } = market();
    const keys = async (...args: string[]) => {
      const { stdout } = await run(['query', '--limit', '1', '--database-url', database.url, ...args]);
      return Object.keys((JSON.parse(stdout) as object[])[0] ?? {});
    };
    expect(await keys('--fields', 'price,title', '--fields', 'contract_id')).toEqual(['price', 'title', 'contract_id']);
    expect(await keys('--fields', 'link', '--fields', 'title')).toEqual(['link', 'title']);
    expect(await keys('--fields', 'title,link,flags', '--links')).toEqual(['title', 'link', 'flags']);
    expect(await keys()).not.toContain('link');
  });

  it('--count is one number, whatever the limit', async () => {
    const { database } = market();
    const ended = await run(['query', '--count', '--limit', '1', '--database-url', database.url]);
    expect(ended).toMatchObject({ code: 0, stdout: `${listed.length}\n`, stderr: '' });
  });

  it('no contracts are an answer', async () => {
    const { database } = market();
    const none = ['query', '--title', 'nothing like it', '--database-url', database.url, '--format'];
    expect(await run([...none, 'json'])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
    expect(await run([...none, 'ndjson'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await run([...none, 'table'])).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['json', 'ndjson', 'csv'])('a closed pipe ends %s quietly', async (format) => {
    const { database } = large();
    const running = start(['query', '--limit', '0', '--format', format, '--database-url', database.url]);
    const { stdout } = running.process;
    if (stdout === null) throw new Error('stdout is no pipe');
    await once(stdout, 'data');
    stdout.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('a pipe without a reader ends quietly', async () => {
    const { database } = large();
    const running = start(['query', '--limit', '0', '--format', 'table', '--database-url', database.url]);
    running.process.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it.skipIf(process.platform !== 'linux')('a full disk is a failure with a one-line message', async () => {
    const { database } = large();
    const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const child = spawn(process.execPath, [executable, 'query', '--limit', '0', '--database-url', database.url], {
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENOSPC|no space/i);
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
  });
});

describe('colour of tables', () => {
  const market = sharedMarket(sqlite);

  it.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
    [{ NO_COLOR: '1' }, false],
  ])('with %j: %s', async (environment, coloured) => {
    const { database } = market();
    const ended = await run(['query', '--format', 'table', '--database-url', database.url], environment);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('contract_id');
    expect(ended.stdout.includes('\u001B')).toBe(coloured);
  });
});
