import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/setup.ts'],
    // Much of a test's time is spent in processes and servers of its own: more than one at once.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A test that depends on another's leftovers, or on its order, is a defect.
    sequence: { shuffle: true },
  },
});
