import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newReadyUser, newUser } from '../end-to-end/user.ts';
import { backings, sqlite } from '../helpers/backings.ts';
import { run, startProcess } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const outage = { fault: { kind: 'status', status: 503 } } as const;
const promtool = '/usr/bin/promtool';

/** The samples of a text file, by their names with labels. */
function samplesIn(path: string): Record<string, number> {
  const lines = readFileSync(path, 'utf8').split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = '', value = ''] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
        return [name, Number(value)];
      }),
  );
}

interface Ping {
  readonly path: string;
  readonly rid: string | null;
  readonly body: string;
}

/** A service like healthchecks.io that records its pings. */
async function openService(status = 200): Promise<{ url: string; pings: Ping[] }> {
  const pings: Ping[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    pings.push({ path: pathname, rid: searchParams.get('rid'), body: await text(request) });
    response.writeHead(status).end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/uuid`, pings };
}

describe.each(backings)('--metrics-file, on $name', (backing) => {
  it('says what a pass did and what the database holds, and keeps that through one that fails', async () => {
    const user = await newReadyUser(backing, { plainContracts: 6, contracts: 20 });
    const file = join(temporaryFolder(), 'hangarbay.prom');
    const summary = await user.aggregate(0, '--metrics-file', file);
    const first = samplesIn(file);
    expect(first).toMatchObject({
      hangarbay_last_run_exit_code: 0,
      hangarbay_history_contracts: summary.contracts.stored,
      'hangarbay_last_run_contracts{change="new"}': summary.contracts.new,
      'hangarbay_last_run_contracts{change="returned"}': summary.contracts.returned,
      'hangarbay_last_run_requests{route="contracts/public/{id}",status="200"}': 3,
      'hangarbay_region_contracts_listed{region_id="10000002",region="The Forge"}': expect.any(Number),
      hangarbay_database_bytes: expect.any(Number),
      'hangarbay_backlog_contracts{status="quarantined"}': 0,
    });
    const requests = Object.entries(first).filter(([name]) => name.startsWith('hangarbay_last_run_requests'));
    expect(requests.reduce((sum, [, value]) => sum + value, 0)).toBe(summary.requests.total);
    expect(first.hangarbay_last_success_timestamp_seconds).toBeGreaterThan(1_700_000_000);
    expect(first.hangarbay_database_bytes).toBeGreaterThan(100_000);

    user.esi.faults.inject(outage);
    await user.aggregate(12, '--metrics-file', file, '--no-cache');
    const second = samplesIn(file);
    expect(second).toMatchObject({
      hangarbay_last_run_exit_code: 12,
      hangarbay_last_success_timestamp_seconds: first.hangarbay_last_success_timestamp_seconds,
      hangarbay_history_contracts: first.hangarbay_history_contracts,
    });
    expect(second).not.toHaveProperty('hangarbay_last_run_requests{route="contracts/public/{id}",status="200"}');
  });
});

describe('--metrics-file', () => {
  it('is for other users, whatever the umask, and nothing is left next to it', async () => {
    const user = await newUser(sqlite, { plainContracts: 3 });
    const file = join(temporaryFolder(), 'hangarbay.prom');
    const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
    const command = ['-c', 'umask 077; exec "$@"', 'sh', process.execPath, '--', executable, 'aggregate'];
    const environment = { ...user.environment, HANGARBAY_METRICS_FILE: file };
    expect(await startProcess('/bin/sh', command, environment).ended).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(dirname(file))).toEqual(['hangarbay.prom']);
  });

  it('keeps what is known of the database when it is out of reach, and costs no pass when it cannot be written', async () => {
    const user = await newUser(sqlite, { plainContracts: 3 });
    const folder = temporaryFolder();
    const file = join(folder, 'hangarbay.prom');
    await user.aggregate(0, '--metrics-file', file);
    const missing = ['--database-url', '/proc/nowhere/contracts.db'];
    expect(await user.run('aggregate', '--metrics-file', file, ...missing)).toMatchObject({ code: 13 });
    expect(samplesIn(file)).toMatchObject({ hangarbay_last_run_exit_code: 13, hangarbay_history_contracts: 3 });
    expect(await user.run('aggregate', '--metrics-file', folder)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('cannot write the metrics'),
    });
  });

  it('is not written to a folder that does not exist, which the collector does not read', async () => {
    const user = await newUser(sqlite, { plainContracts: 3 });
    const folder = join(temporaryFolder(), 'mistyped');
    const file = join(folder, 'hangarbay.prom');
    expect(await user.run('aggregate', '--metrics-file', file)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`cannot write the metrics to ${file}: the folder ${folder} does not exist`),
    });
    expect(existsSync(folder)).toBe(false);
  });

  it.skipIf(!existsSync(promtool))('is what promtool accepts', async () => {
    const user = await newUser(sqlite, { plainContracts: 3, contracts: 40 });
    const file = join(temporaryFolder(), 'hangarbay.prom');
    await user.aggregate(0, '--metrics-file', file);
    execFileSync(promtool, ['check', 'metrics'], { input: readFileSync(file) });
  });
});

describe('contrib/prometheus', () => {
  const contrib = join(import.meta.dirname, '../../contrib/prometheus');

  it('has existing metrics only', async () => {
    const user = await newUser(sqlite, { plainContracts: 3 });
    const file = join(temporaryFolder(), 'hangarbay.prom');
    await user.aggregate(0, '--metrics-file', file);
    const written = new Set([...readFileSync(file, 'utf8').matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name));
    for (const name of ['grafana-dashboard.json', 'hangarbay.rules.yml']) {
      const text = readFileSync(join(contrib, name), 'utf8');
      const used = [...new Set(text.match(/hangarbay_[a-z_]+/g))];
      expect(used.length).toBeGreaterThan(4);
      expect(used.filter((metric) => !written.has(metric) && !metric.startsWith('hangarbay_esi_'))).toEqual([]);
    }
  });

  it.skipIf(!existsSync(promtool))('has alerts that rise when they should', () => {
    execFileSync(promtool, ['test', 'rules', 'hangarbay.rules.test.yml'], { cwd: contrib });
  });
});

describe('--ping-url', () => {
  it('tells of the start and the end of a pass, and of its exit code with the last lines', async () => {
    const user = await newUser(sqlite, { plainContracts: 3 });
    const { url, pings } = await openService();
    await user.aggregate(0, '--ping-url', url);
    expect(pings.map(({ path }) => path)).toEqual(['/ping/uuid/start', '/ping/uuid/0']);
    expect(pings[0]?.rid).toMatch(/^[0-9a-f-]{36}$/);
    expect(pings[1]).toMatchObject({ rid: pings[0]?.rid, body: expect.stringContaining('"outcome":"complete"') });
    user.esi.faults.inject(outage);
    await user.aggregate(12, '--ping-url', url, '--no-cache');
    expect(pings.slice(2)).toMatchObject([
      { path: '/ping/uuid/start' },
      { path: '/ping/uuid/12', body: expect.stringContaining('unavailable in ') },
    ]);
  });

  it('tells of a database that is out of reach', async () => {
    const { url, pings } = await openService();
    const ended = await run(['aggregate', '--ping-url', url, '--database-url', '/proc/nowhere/contracts.db']);
    expect(ended.code).toBe(13);
    expect(pings).toMatchObject([{ path: '/ping/uuid/13', body: expect.stringContaining('/proc/nowhere') }]);
  });

  it('costs no pass when the service is down or refuses, and keeps the address secret', async () => {
    const user = await newUser(sqlite, { plainContracts: 3 });
    for (const url of ['http://127.0.0.1:9/ping/uuid', (await openService(404)).url]) {
      const ended = await user.run('aggregate', '--ping-url', url);
      expect(ended).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('with \\"start\\"') });
      expect(ended.stderr).not.toContain('uuid');
    }
  });
});

describe('--json', () => {
  it.each([
    [['aggregate', '--json', '--database-url', '/proc/nowhere/a.db'], 13],
    [['status', '--json', '--database-url', '/nowhere/a.db'], 10],
    [['prune', '--json', '--gone-before', 'never'], 2],
    [['import', 'sde', '/nowhere.zip', '--json'], 2],
    [['aggregate', '--json', '--nonsense'], 2],
  ])('of %j is an object that says why there is no other', async (args, code) => {
    const ended = await run(args, { HOME: temporaryFolder() });
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.stdout)).toEqual({ error: expect.stringMatching(/./), exit_code: code });
  });
});

describe('status --check', () => {
  it('speaks as plugins of Nagios do, whatever happens', async () => {
    const user = await newReadyUser(sqlite, { plainContracts: 3 });
    expect(await user.run('status', '--check')).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^HANGARBAY CRITICAL - no pass has succeeded yet \| regions=0 /),
    });
    await user.aggregate();
    const line =
      /^HANGARBAY OK - 3 of 3 regions fresh, last pass complete at \S+Z \| regions=3 stale=0 oldest_sweep=\d+s;7200 listed=3 deferred=0 quarantined=0\n$/;
    expect(await user.run('status', '--check')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(line),
      stderr: '',
    });
    await expect
      .poll(async () => (await user.run('status', '--check', '--max-age', '1s')).code, { timeout: 10_000 })
      .toBe(2);
    for (const [args, code, state] of [
      [['--database-url', '/nowhere/a.db'], 2, 'CRITICAL'],
      [['--max-age', 'soon'], 3, 'UNKNOWN'],
      [['--region', 'Nowhere'], 3, 'UNKNOWN'],
    ] as const) {
      const ended = await user.run('status', '--check', ...args);
      expect(ended).toMatchObject({
        code,
        stdout: expect.stringMatching(new RegExp(`^HANGARBAY ${state} - .+\n$`)),
        stderr: '',
      });
    }
  });
});
