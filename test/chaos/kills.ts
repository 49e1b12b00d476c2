import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosBacking } from './databases.ts';
import { observe } from './observer.ts';
import { listsExpire } from './scenario.ts';
import { type ChaosUser, newUser } from './user.ts';
import { type ChaosWorld, openWorld } from './world.ts';

/** Passes on one database, each ended from outside at a random moment. */
export interface KillOptions {
  readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT';
  readonly times: number;
  readonly seed: number;
}

export interface KillResult {
  /** Passes that were running when the signal arrived; the others had ended by themselves. */
  readonly ended: number;
  /** Of those, the passes that had begun their work. */
  readonly interrupted: number;
  readonly looks: number;
  /** The longest time between a signal and the end of the pass. */
  readonly slowestMilliseconds: number;
  readonly violations: readonly string[];
}

/** Approximate duration of a pass's work. */
const longestWorkMilliseconds = 400;
/** Approximate duration of a pass's start before its work. */
const longestStartMilliseconds = 300;
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Starts passes one after another and ends each at a random moment, while an observer reads the database; then lets one
 * pass finish. Stored contracts must never be requested again, and at the end nothing may be missing.
 */
export async function runKills(backing: ChaosBacking, options: KillOptions): Promise<KillResult> {
  const world = await openWorld(options.seed, { latencyMilliseconds: 2 });
  world.issue(30);
  const user = await newUser(backing, world);
  const observer = await observe(user.database, world);
  const violations: string[] = [];
  let ended = 0;
  let interrupted = 0;
  let slowestMilliseconds = 0;
  try {
    for (let time = 0; time < options.times; time += 1) {
      change(world);
      const stored = await observer.stored();
      const before = world.esi.requests.length;
      const end = await endPass(user, world, options.signal);
      if (end.wasAlive) ended += 1;
      slowestMilliseconds = Math.max(slowestMilliseconds, end.milliseconds);
      violations.push(...end.violations);
      const requests = world.esi.requests.all().slice(before);
      if (end.wasAlive && requests.length > 0) interrupted += 1;
      for (const { route, contract_id } of requests) {
        if (route === 'items' && stored.has(contract_id ?? 0)) violations.push(`asked again for ${contract_id}`);
      }
    }
    await listsExpire(world);
    const last = await user.pass();
    violations.push(...last.problems);
    if (last.code !== 0) violations.push(`the last pass exited with ${last.code}`);
    const { looks, partial } = await observer.stop();
    violations.push(...partial, ...(await user.differences()));
    if ((await user.openRuns()) > 0) violations.push('a row of the ledger is open');
    return { ended, interrupted, looks, slowestMilliseconds, violations: violations.slice(0, 5) };
  } finally {
    await world.esi.close();
    await user.database.drop();
  }
}

/** Work for the next pass. */
function change(world: ChaosWorld): void {
  world.issue(6);
  world.delist(3);
  if (world.random.chance(0.3)) world.relist(2);
}

async function firstRequest({ esi }: ChaosWorld): Promise<void> {
  const before = esi.requests.length;
  while (esi.requests.length === before) await sleep(2);
}

async function endPass(user: ChaosUser, world: ChaosWorld, signal: KillOptions['signal']) {
  const { process, ended } = user.start('aggregate');
  // One pass in four is interrupted during its start.
  const isEarly = world.random.chance(0.25);
  const life = world.random.next() * (isEarly ? longestStartMilliseconds : longestWorkMilliseconds);
  if (!isEarly) await Promise.race([firstRequest(world), ended]);
  await Promise.race([sleep(life), ended]);
  const wasAlive = process.exitCode === null && process.signalCode === null;
  const signalledAt = performance.now();
  process.kill(signal);
  const end = await ended;
  const milliseconds = performance.now() - signalledAt;
  const violations: string[] = [];
  if (signal !== 'SIGKILL' && end.signal === null && wasAlive) {
    // A signal may come too late to matter.
    const expected: readonly (number | null)[] = [exitCodes[signal], 0];
    if (!expected.includes(end.code)) violations.push(`${signal} ended a pass with ${end.code}: ${end.stderr}`);
    if (milliseconds > 5_000) violations.push(`${signal} took ${Math.round(milliseconds)} ms`);
  }
  return { wasAlive, milliseconds, violations };
}
