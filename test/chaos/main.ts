/*
 * Tests the built executable under faults and writes the results to docs/reliability.md: `npm run chaos`, `npm run
 * chaos -- --seed 7`. Exits with 1 on any violation.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { startPostgres } from '../helpers/postgres-server.ts';
import { hasRedisServer, startRedis } from '../helpers/redis-server.ts';
import { runBudget } from './budget.ts';
import { type ChaosBacking, postgresSchemas, sqliteFiles } from './databases.ts';
import { type KillOptions, type KillResult, runKills } from './kills.ts';
import { planScenarios } from './plan.ts';
import { type Report, renderReport } from './report.ts';
import { runScenario } from './scenario.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { seed: { type: 'string', default: '20261123' } } });
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed must be a whole number, such as --seed 7');

/** Scenarios wait most of their time, for lists to expire and limits to end. */
const scenariosAtOnce = 10;
const killersAtOnce = 3;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' });
const begun = performance.now();
const server = await startPostgres();
const redis = hasRedisServer() ? await startRedis() : undefined;
const postgres = postgresSchemas(server.url);
const backings: readonly ChaosBacking[] = [sqliteFiles, postgres];

async function scenarios(): Promise<Report['scenarios']> {
  const work = planScenarios(seed).flatMap((scenario) => backings.map((backing) => ({ scenario, backing })));
  return pMap(
    work,
    async ({ scenario, backing }) => {
      const result = await runScenario(backing, scenario);
      const verdict = result.violations.length === 0 ? 'ok' : result.violations.join('\n  ');
      say(`${backing.name}, ${scenario.name} at ${scenario.rate * 100} %: ${verdict}`);
      return { backing: backing.name, name: scenario.name, rate: scenario.rate, result };
    },
    { concurrency: scenariosAtOnce },
  );
}

/** The same kills on several databases, so that they are over sooner. */
async function kills(backing: ChaosBacking, signal: KillOptions['signal'], databases: number, times: number) {
  const results = await pMap(
    Array.from({ length: databases }, (_, index) => index),
    (index) => runKills(backing, { signal, times, seed: seed + index }),
    { concurrency: killersAtOnce },
  );
  const sum = (field: 'ended' | 'interrupted' | 'looks') => results.reduce((total, result) => total + result[field], 0);
  const result: KillResult = {
    ended: sum('ended'),
    interrupted: sum('interrupted'),
    looks: sum('looks'),
    slowestMilliseconds: Math.max(...results.map(({ slowestMilliseconds }) => slowestMilliseconds)),
    violations: results.flatMap(({ violations }) => violations),
  };
  const verdict = result.violations.length === 0 ? 'ok' : result.violations.join('\n  ');
  say(`${backing.name}, ${databases * times} times ${signal}: ${verdict}`);
  return { backing: backing.name, signal, passes: databases * times, result };
}

try {
  const killed = [
    await kills(sqliteFiles, 'SIGKILL', 4, 50),
    await kills(postgresSchemas(server.url, redis?.url), 'SIGKILL', 2, 25),
    await kills(sqliteFiles, 'SIGTERM', 2, 10),
    await kills(postgres, 'SIGINT', 2, 10),
  ];
  const report: Report = {
    seed,
    kills: killed,
    budget: await runBudget(sqliteFiles, 46_000, seed),
    scenarios: await scenarios(),
    minutes: (performance.now() - begun) / 60_000,
  };
  writeFileSync(join(root, 'docs/reliability.md'), renderReport(report));
  const results = [...report.kills, ...report.scenarios].map(({ result }) => result);
  const violations = [...results, report.budget].flatMap((result) => result.violations);
  say(`${violations.length} violations in ${report.minutes.toFixed(1)} minutes; see docs/reliability.md`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await redis?.stop();
  await server.stop();
}
