import { onTestFinished } from 'vitest';
import { type Ended, environmentWith, launch, launchProcess, type Running } from './executable.ts';
import { residents } from './residents.ts';
import { isThorough } from './thorough.ts';

export type { Ended, Running } from './executable.ts';

/** Starts the built executable; it does not outlive the test. */
export function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  return mortal(launch(args, environment));
}

/** Starts any program in such an environment, perhaps as another user. */
export function startProcess(...given: Parameters<typeof launchProcess>): Running {
  return mortal(launchProcess(...given));
}

/**
 * Runs the built program to its end, for tests of what it says and does. Most of a process's time goes into loading it:
 * one that is there already runs the command, unless HANGARBAY_TEST_THOROUGH is set, as in CI. Where it matters how
 * the process begins, or how it ends, `start` is meant.
 */
export function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Promise<Ended> {
  if (isThorough || isReadAtStart(environment)) return mortal(launch(args, environment, folder)).ended;
  return residents.run({ args, environment: environmentWith(environment), folder });
}

/** Whether Node, its libraries or ours read one of the variables only once. */
function isReadAtStart(environment: Readonly<Record<string, string>>): boolean {
  return Object.keys(environment).some((name) => /^(NODE_|SSL_|SQLITE_|UV_|LC_|LANG|TZ$|JOURNAL_STREAM$)/.test(name));
}

function mortal(running: Running): Running {
  onTestFinished(() => {
    running.process.kill('SIGKILL');
  });
  return running;
}
