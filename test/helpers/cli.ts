import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

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
export function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  // The two dashes are those of the executable's first line: without them Node takes --env-file for its own.
  return startProcess(process.execPath, ['--', executable, ...args], environment);
}

/** Starts any program in such an environment. */
export function startProcess(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  user: { readonly uid?: number; readonly gid?: number } = {},
): Running {
  const child = spawn(command, args, {
    ...user,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
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

/** Runs the built executable to its end. */
export function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, environment).ended;
}
