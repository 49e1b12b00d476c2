import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

export interface Measured {
  readonly wallMilliseconds: number;
  /** User and system time of all threads; NaN if only the wall clock is measured. */
  readonly cpuMilliseconds: number;
  /** Peak resident memory. */
  readonly peakMegabytes: number;
  readonly stdout: string;
}

interface MeasureOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly usage?: boolean;
  readonly exitCodes?: readonly number[];
}

/**
 * Runs a command as a separate process and measures it as a whole.
 *
 * @param options.usage whether to measure CPU and memory, which costs the process some milliseconds
 * @param options.exitCodes accepted exit codes
 * @throws {Error} on any other exit code
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
