import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/helpers/sequencer.ts';

const common = {
  // Limits end what hangs. On one core beside a busy program, some tests and hooks take more than 30 seconds.
  testTimeout: 240_000,
  hookTimeout: 240_000,
  // A test that depends on another's leftovers, or on its order, is a defect.
  sequence: { shuffle: true },
};
/** Files with a process of their own: they replace modules, stop the clock, or connect to a server that others do not use. */
const isolated = [
  'test/aggregate/pass-later-columns.test.ts',
  'test/end-to-end/pgbouncer.test.ts',
  'test/esi/governor-*.test.ts',
];
/** In these no pause takes time; what else they change is as it was when a test has finished. */
const unhurried = ['test/aggregate/**/*.test.ts', 'test/esi/client-retries.test.ts', 'test/sde/import.test.ts'];
const instantSleep = join(import.meta.dirname, 'test/helpers/instant-sleep.ts');

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/setup.ts'],
    // Most of a test's time is the CPU time of processes that it starts. One worker more than two cores fills the waits;
    // with two more, tests that start a dozen processes come near their time-out.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: 'isolated', include: isolated } },
      // Loading the modules anew for every file would take longer than many of these tests.
      {
        resolve: { alias: { 'node:timers/promises': instantSleep } },
        test: { ...common, name: 'unhurried', include: unhurried, exclude: isolated, isolate: false },
      },
      {
        test: {
          ...common,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...isolated, ...unhurried],
          isolate: false,
        },
      },
    ],
  },
});
