import { describe, expect, inject as injected, test } from 'vitest';
import { runBudget } from './budget.ts';
import { postgresSchemas, sqliteFiles } from './databases.ts';
import { namedFaults } from './faults.ts';
import { runKills } from './kills.ts';
import { together } from './plan.ts';
import { runScenario } from './scenario.ts';

/** A small part of `npm run chaos`, which goes through every fault at several rates. */
const seed = 1;
const backings = [sqliteFiles, postgresSchemas(injected('postgresUrl'), injected('redisUrl'))];

describe.each(backings)('a bad night on $name', (backing) => {
  test('with every fault there is ends with the next pass', async () => {
    const scenario = { name: together, faults: namedFaults, rate: 0.4, seed, drifts: true };
    const { faulted, looks, violations } = await runScenario(backing, scenario);
    expect(violations).toEqual([]);
    expect(faulted).toBeGreaterThan(0);
    expect(looks).toBeGreaterThan(0);
  });

  test('with one kill after the other leaves whole contracts, and asks for nothing twice', async () => {
    const { interrupted, violations } = await runKills(backing, { signal: 'SIGKILL', times: 6, seed });
    expect(violations).toEqual([]);
    expect(interrupted).toBeGreaterThan(0);
  });
});

test('a cold start with refusals in every window never reaches the error limit', async () => {
  const { refused, violations } = await runBudget(sqliteFiles, 2_500, seed);
  expect(violations).toEqual([]);
  expect(refused).toBeGreaterThan(100);
});
