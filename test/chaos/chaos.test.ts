import { expect, inject as injected, test } from 'vitest';
import { runBudget } from './budget.ts';
import { postgresSchemas, sqliteFiles } from './databases.ts';
import { namedFaults } from './faults.ts';
import { runKills } from './kills.ts';
import { together } from './plan.ts';
import { runScenario } from './scenario.ts';

/** A small part of `npm run chaos`, which goes through every fault at several rates, on all databases. */
const seed = 1;
const postgres = postgresSchemas(injected('postgresUrl'), injected('redisUrl'));

test('a night with every fault there is ends with the next pass', async () => {
  const scenario = { name: together, faults: namedFaults, rate: 0.4, seed, drifts: true };
  const { faulted, looks, violations } = await runScenario(sqliteFiles, scenario);
  expect(violations).toEqual([]);
  expect(faulted).toBeGreaterThan(0);
  expect(looks).toBeGreaterThan(0);
});

test.each([sqliteFiles, postgres])(
  'one kill after the other on $name leaves whole contracts, and nothing is asked for twice',
  async (backing) => {
    const { interrupted, violations } = await runKills(backing, { signal: 'SIGKILL', times: 4, seed });
    expect(violations).toEqual([]);
    expect(interrupted).toBeGreaterThan(0);
  },
);

test('a cold start with refusals in every window never reaches the error limit', async () => {
  const { refused, violations } = await runBudget(sqliteFiles, 2_000, seed);
  expect(violations).toEqual([]);
  // More than a window allows.
  expect(refused).toBeGreaterThan(80);
});
