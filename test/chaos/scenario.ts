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
  /** The share of requests, from 0 to 1, that any of the faults happens to. */
  readonly rate: number;
  readonly seed: number;
  /** Contracts come and go, and lists are made anew, while the pass is under way. */
  readonly drifts?: boolean;
}

/** What was seen. */
export interface ScenarioResult {
  readonly requests: number;
  /** Requests that a fault happened to. */
  readonly faulted: number;
  readonly exitCode: number | null;
  /** Contracts that the pass among faults left to the next. */
  readonly left: number;
  /** How often the database was read meanwhile. */
  readonly looks: number;
  /** Everything that must not be, in words. */
  readonly violations: readonly string[];
}

/** Waits until nothing that the server has told of its lists holds any longer. */
export async function listsExpire({ esi }: ChaosWorld): Promise<void> {
  const last = Math.max(0, ...esi.requests.all({ route: 'list' }).map(({ expires }) => expires ?? 0));
  // The client may take a lifetime for up to a second longer, since HTTP's dates have no fractions.
  await sleep(Math.max(last + 1_100 - Date.now(), 0));
}

/**
 * A pass without faults, changes in the world, a pass among faults with somebody reading all the time, and one more
 * pass after the faults: then the database must be equal to the server.
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

/** Something happens to the lists every few milliseconds, in the middle of sweeps. */
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
