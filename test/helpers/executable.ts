import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');

/** Starts the built executable as a user would; only what is given is in its environment. */
export function launch(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Running {
  // The two dashes are those of the executable's first line: without them Node takes --env-file for its own.
  return launchProcess(
    process.execPath,
    ['--', executable, ...args],
    { ...compileCache(), ...environment },
    {},
    folder,
  );
}

/** Where compiled modules are kept for the next process, if the tests have such a place: it starts in half the time. */
export function compileCache(): Readonly<Record<string, string>> {
  const folder = process.env.NODE_COMPILE_CACHE;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** The whole environment of a process. */
export function environmentWith(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  // Whoever runs this at 11:00 UTC means the stand-in, which has no downtime.
  return { PATH: process.env.PATH ?? '', HOME: '/nonexistent', HANGARBAY_DOWNTIME: 'none', ...given };
}

/** Starts any program in such an environment. */
export function launchProcess(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  user: { readonly uid?: number; readonly gid?: number } = {},
  folder?: string,
): Running {
  const child = spawn(command, args, {
    ...user,
    cwd: folder,
    env: environmentWith(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return { process: child, ended };
}
