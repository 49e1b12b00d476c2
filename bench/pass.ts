/**
 * The cost of passes compared with the bare pool, and the start-up time of the program: `npm run bench`, or `npm run
 * bench -- --large` for 200,000 contracts as well. Prints the tables of docs/performance.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { DatabaseLocation } from '../src/store/location.ts';
import { migrate } from '../src/store/open.ts';
import { fillHistory } from '../test/history/history.ts';
import { machine, onEachDatabase, print } from './databases.ts';
import { type Measured, measure, median } from './whole-process.ts';

const root = join(import.meta.dirname, '..');
const program = join(root, 'bin/hangarbay.js');
const latencyMilliseconds = 20;
/** Additional types in contracts, apart from some thousand with names in the stand-in ESI. */
const syntheticTypes = 15_000;
/** Lifetime of lists in seconds: longer than idle passes take, and short enough to wait for. */
const listLifetime = 20;

const { values } = parseArgs({
  options: {
    contracts: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
    large: { type: 'boolean', default: false },
    history: { type: 'string', default: '1000000' },
  },
});
const sizes = values.contracts?.map(Number) ?? [5_000, 46_000, ...(values.large ? [200_000] : [])];
const rounds = Number(values.rounds);

/** Runs a stand-in ESI in another process during some work. */
async function withEsi(contracts: number, work: (url: string) => Promise<void>): Promise<void> {
  const script = join(root, 'test/fake-esi/main.ts');
  const options = {
    contracts,
    latency: latencyMilliseconds,
    'synthetic-types': syntheticTypes,
    'list-lifetime': listLifetime,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  try {
    const [line] = await once(child.stdout, 'data');
    await work(String(line).trim());
  } finally {
    child.kill();
    await closed;
  }
}

type Pass = Measured & { readonly requests: number };

/** A pass as a separate process. */
async function pass(location: DatabaseLocation, url: string, ...flags: string[]): Promise<Pass> {
  const database = location.dialect === 'sqlite' ? `sqlite:${location.path}` : location.url;
  const env = {
    HANGARBAY_DATABASE_URL: database,
    HANGARBAY_ESI_URL: url,
    HANGARBAY_CONTACT: 'bench@example.com',
    HANGARBAY_DOWNTIME: 'none',
  };
  const measured = await measure(
    // The stand-in has far more mutated modules than the game.
    [program, 'aggregate', '--json', '--no-rolls', ...flags],
    { env },
  );
  const { requests } = JSON.parse(measured.stdout) as { requests: { total: number } };
  return { ...measured, requests: requests.total };
}

/** The next request of each list makes a new one. */
const untilListsExpire = () => sleep((listLifetime + 1) * 1_000);

async function barePool(url: string): Promise<number> {
  const { stdout } = await measure([process.execPath, join(import.meta.dirname, 'bare-pool.ts'), url], {
    usage: false,
  });
  const { requests, milliseconds } = JSON.parse(stdout) as { requests: number; milliseconds: number };
  return milliseconds / requests;
}

interface Row {
  readonly cold: (Pass & { readonly besidePool: number })[];
  steady?: Pass;
  readonly idle: Pass[];
}

/** Cold passes, each on a new database and right after the bare pool, followed by one steady pass and idle ones. */
async function measurePasses(url: string, contracts: number, times: number): Promise<void> {
  const rows = new Map<string, Row>();
  for (let round = 1; round <= times; round += 1) {
    await onEachDatabase(async (name, location) => {
      const row = rows.get(name) ?? { cold: [], idle: [] };
      rows.set(name, row);
      // A pass would wait for lists that are about to expire.
      await untilListsExpire();
      const wire = await barePool(url);
      await migrate(location);
      const cold = await pass(location, url);
      row.cold.push({ ...cold, besidePool: cold.wallMilliseconds / cold.requests / wire });
      if (round < times) return;
      await untilListsExpire();
      row.steady = await pass(location, url);
      for (let repetition = 0; repetition < 5; repetition += 1) row.idle.push(await pass(location, url));
    });
  }
  for (const [name, { cold, steady, idle }] of rows) {
    const requests = medianOf(cold, 'requests');
    tell([
      `${name}, ${contracts} contracts`,
      `${requests}`,
      `${(medianOf(cold, 'wallMilliseconds') / 1_000).toFixed(1)} s`,
      `${medianOf(cold, 'besidePool').toFixed(2)} ×`,
      `${(medianOf(cold, 'cpuMilliseconds') / requests).toFixed(2)} ms`,
      `${medianOf(cold, 'peakMegabytes').toFixed(0)} MB`,
      `${steady?.requests} requests, ${steady?.wallMilliseconds.toFixed(0)} ms`,
      `${medianOf(idle, 'requests')} requests, ${medianOf(idle, 'wallMilliseconds').toFixed(0)} ms`,
    ]);
  }
}

/** Idle passes over a database with a history of gone contracts. */
async function measureHistory(url: string, gone: number): Promise<void> {
  // The history has regions that the stand-in does not have.
  const regions = (await (await fetch(`${url}/universe/regions`)).json()) as number[];
  const flags = regions.flatMap((id) => ['--region', String(id)]);
  await onEachDatabase(async (name, location) => {
    await migrate(location);
    await fillHistory(location, { listed: 0, gone });
    await pass(location, url, ...flags);
    const idle: Pass[] = [];
    for (let repetition = 0; repetition < 5; repetition += 1) idle.push(await pass(location, url, ...flags));
    tell([
      `${name}, ${gone} gone contracts`,
      `${medianOf(idle, 'requests')}`,
      `${medianOf(idle, 'wallMilliseconds').toFixed(0)} ms`,
      `${medianOf(idle, 'cpuMilliseconds').toFixed(0)} ms`,
    ]);
  });
}

/** The additional time of the program's smallest commands over an empty script. */
async function measureStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-bench-'));
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const env = { HANGARBAY_DATABASE_URL: `sqlite:${join(folder, 'start.db')}`, HANGARBAY_LOG_LEVEL: 'error' };
  await measure([program, 'migrate'], { env });
  const commands = ['--version', '--help', 'query --limit 1', 'status'];
  const times = new Map<string, number[]>();
  const note = async (name: string, command: readonly [string, ...string[]]) => {
    // `status` exits with 1 before any pass.
    const { wallMilliseconds } = await measure(command, { env, usage: false, exitCodes: [0, 1] });
    times.set(name, [...(times.get(name) ?? []), wallMilliseconds]);
  };
  for (let round = 0; round < 20; round += 1) {
    await note('', [process.execPath, empty]);
    for (const command of commands) await note(command, [program, ...command.split(' ')]);
  }
  rmSync(folder, { recursive: true });
  const base = median(times.get('') ?? []);
  tell(['an empty script', `${base.toFixed(0)} ms`]);
  for (const command of commands)
    tell([`\`${command}\``, `+${(median(times.get(command) ?? []) - base).toFixed(0)} ms`]);
}

function medianOf<Figure extends string>(
  all: readonly { readonly [Name in Figure]: number }[],
  figure: Figure,
): number {
  return median(all.map((one) => one[figure]));
}

/** A table row in Markdown. */
function tell(cells: readonly string[]): void {
  print(`| ${cells.join(' | ')} |`);
}

function tellHead(...names: string[]): void {
  print('');
  tell(names);
  tell(names.map(() => '---'));
}

print(machine);
tellHead('start', 'wall');
await measureStart();
tellHead(
  'cold pass',
  'requests',
  'wall',
  'per request, compared with the bare pool',
  'CPU per request',
  'peak memory',
  'steady pass',
  'idle pass',
);
// A pass over tens of thousands of contracts takes more than a minute, so these sizes have one round.
for (const contracts of sizes) {
  await withEsi(contracts, (url) => measurePasses(url, contracts, contracts > 10_000 ? 1 : rounds));
}
tellHead('idle pass beside', 'requests', 'wall', 'CPU');
const gone = Number(values.history);
if (gone > 0) await withEsi(1_000, (url) => measureHistory(url, gone));
