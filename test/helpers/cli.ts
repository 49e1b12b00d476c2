import { onTestFinished } from 'vitest';
import { type Ended, launch, type Running } from './executable.ts';

export type { Ended, Running } from './executable.ts';

/** Starts the built executable; it does not outlive the test. */
export function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const running = launch(args, environment);
  onTestFinished(() => {
    running.process.kill('SIGKILL');
  });
  return running;
}

/** Runs the built executable to its end. */
export function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, environment).ended;
}
