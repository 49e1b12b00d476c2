import { onTestFinished } from 'vitest';
import { type Ended, launch, launchProcess, type Running } from './executable.ts';

export type { Ended, Running } from './executable.ts';

/** Starts the built executable; it does not outlive the test. */
export function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  return mortal(launch(args, environment));
}

/** Starts any program in such an environment, perhaps as another user. */
export function startProcess(...given: Parameters<typeof launchProcess>): Running {
  return mortal(launchProcess(...given));
}

/** Runs the built executable to its end. */
export function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, environment).ended;
}

function mortal(running: Running): Running {
  onTestFinished(() => {
    running.process.kill('SIGKILL');
  });
  return running;
}
