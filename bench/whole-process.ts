import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

export interface Measured {
  readonly wallMilliseconds: number;
  /** User and system time of all threads; NaN where only the wall clock was asked for. */
  readonly cpuMilliseconds: number;
  /** The most memory that was resident, as the operating system says. */
  readonly peakMegabytes: number;
  readonly stdout: string;
}

interface MeasureOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly usage?: boolean;
  readonly exitCodes?: readonly number[];
}

/**
 * Runs a command as a whole process, from its start to its end.
 *
 * @param options.usage whether CPU and memory are asked for, which costs the process some milliseconds
 * @param options.exitCodes with which it may end
 * @throws {Error} when it ends in another way
 */
export async function measure(
  command: readonly [string, ...string[]],
  { env = {}, usage = true, exitCodes = [0] }: MeasureOptions = {},
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-bench-'));
  const file = join(folder, 'usage.json');
  const preload = `--import=${pathToFileURL(join(import.meta.dirname, 'report-usage.ts')).href}`;
  const [program, ...args] = command;
  const begun = performance.now();
  const child = spawn(program, args, {
    env: { ...process.env, ...env, ...(usage ? { NODE_OPTIONS: preload, BENCH_USAGE_FILE: file } : {}) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const wallMilliseconds = performance.now() - begun;
  if (!exitCodes.includes(status)) throw new Error(`${command.join(' ')} exited with ${status}`);
  const { userCPUTime, systemCPUTime, maxRSS } = usage
    ? (JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ResourceUsage)
    : { userCPUTime: Number.NaN, systemCPUTime: Number.NaN, maxRSS: Number.NaN };
  rmSync(folder, { recursive: true });
  const cpuMilliseconds = (userCPUTime + systemCPUTime) / 1_000;
  return { wallMilliseconds, cpuMilliseconds, peakMegabytes: maxRSS / 1_024, stdout };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
