import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from './audit.ts';
import type { ChaosBacking } from './databases.ts';
import { inject, type NamedFault } from './faults.ts';
import { observe } from './observer.ts';
import { newUser } from './user.ts';
import { type ChaosWorld, openWorld } from './world.ts';

/** A pass among faults, and the pass after them. */
export interface Scenario {
  readonly name: string;
  readonly faults: readonly NamedFault[];
  /** The share of requests with faults, from 0 to 1. */
  readonly rate: number;
  readonly seed: number;
  /** Whether contracts come and go, and lists are made again, during the pass. */
  readonly drifts?: boolean;
}

/** The results of a scenario. */
export interface ScenarioResult {
  readonly requests: number;
  /** Requests with a fault. */
  readonly faulted: number;
  readonly exitCode: number | null;
  /** Contracts that the pass with faults left for the next one. */
  readonly left: number;
  /** Reads of the database during the scenario. */
  readonly looks: number;
  /** Violations, as sentences. */
  readonly violations: readonly string[];
}

/** Waits until all lists of the server have expired. */
export async function listsExpire({ esi }: ChaosWorld): Promise<void> {
  const last = Math.max(0, ...esi.requests.all({ route: 'list' }).map(({ expires }) => expires ?? 0));
  // The client may extend a lifetime by up to a second, because HTTP dates have no fractions.
  await sleep(Math.max(last + 1_100 - Date.now(), 0));
}

/**
 * A pass without faults, changes in the world, a pass with faults and an observer, and one more pass without faults:
 * then the database must be equal to the server.
 */
export async function runScenario(backing: ChaosBacking, scenario: Scenario): Promise<ScenarioResult> {
  const { faults, rate, seed, drifts = false } = scenario;
  const world = await openWorld(seed);
  const { esi } = world;
  world.issue(30);
  const user = await newUser(backing, world);
  try {
    const first = await user.pass();
    world.issue(15);
    world.delist(6);
    world.extend(2);
    world.move(2);
    await listsExpire(world);

    const before = esi.requests.all();
    for (const fault of faults) inject(esi, fault, rate / faults.length);
    const observer = await observe(user.database, world);
    const drift = drifts ? startDrift(world) : undefined;
    const pass = await user.pass('--max-duration', '30s');
    drift?.stop();
    const { looks, partial } = await observer.stop();
    const requests = esi.requests.all().slice(before.length);

    esi.faults.clear();
    await listsExpire(world);
    const last = await user.pass();

    const isShear = drifts || faults.some((fault) => fault.isShear);
    const { early, repeated, beyondLimit } = audit(before, requests);
    const violations = [
      ...[first, pass, last].flatMap(({ problems }) => problems),
      ...(last.code === 0
        ? []
        : [`the pass after the faults exited with ${last.code}: ${last.summary?.left.join('; ')}`]),
      ...partial,
      ...(isShear ? [] : early.map((text) => `asked before expiry: ${text}`)),
      ...repeated.map((path) => `asked without need: ${path}`),
      ...beyondLimit.map((path) => `asked while limited: ${path}`),
      ...(await user.differences()),
      ...((await user.openRuns()) === 0 ? [] : ['a row of the ledger is open']),
    ];
    return {
      requests: requests.length,
      faulted: requests.filter((request) => request.faults.length > 0).length,
      exitCode: pass.code,
      left: pass.summary?.contracts.deferred ?? 0,
      looks,
      violations: violations.slice(0, 10),
    };
  } finally {
    await esi.close();
    await user.database.drop();
  }
}

/** Changes the lists every few milliseconds, in the middle of sweeps. */
function startDrift(world: ChaosWorld): { stop(): void } {
  const timer = setInterval(() => {
    world.random.pick([() => world.issue(1), () => world.delist(1), () => world.relist(1)])();
    // Each generation is a second later than the last, so more would run ahead of the clock.
    if (world.random.chance(0.1)) world.regenerate();
  }, 60);
  return {
    stop() {
      clearInterval(timer);
      // What the lists did not show yet, they show now.
      world.regenerate();
    },
  };
}
