import type { ChaosBacking } from './databases.ts';
import { newUser } from './user.ts';
import { openWorld } from './world.ts';

export interface BudgetResult {
  readonly contracts: number;
  /** Answers of 403 and 404. */
  readonly refused: number;
  readonly requests: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

/**
 * A cold start where one contract in twenty is refused, with an error limit of 100 in windows of two seconds instead of
 * ESI's sixty, so that it meets dozens of windows in a minute: the limit must never be reached.
 */
export async function runBudget(backing: ChaosBacking, contracts: number, seed: number): Promise<BudgetResult> {
  const world = await openWorld(seed, { pageSize: 1_000, lifetimes: { list: 1_800 } });
  const { esi } = world;
  for (let issued = 0; issued < contracts; issued += 1) {
    const items = [{ type_id: 587 }];
    esi.world.add({ region_id: 10000002, type: 'item_exchange', items, issuer_id: 90000001 });
  }
  for (const status of [403, 404]) {
    const body = { error: status === 403 ? 'Contract not public' : 'Contract not found!' };
    esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'status', status, body }, probability: 0.025 });
  }
  const user = await newUser(backing, world);
  try {
    const begun = performance.now();
    const pass = await user.pass('--region', '10000002');
    const seconds = (performance.now() - begun) / 1_000;
    const refused = esi.requests.count(({ status }) => status === 403 || status === 404);
    const limited = esi.requests.count({ status: 420 });
    const stored = pass.summary?.contracts.stored ?? 0;
    const accounted = stored + (pass.summary?.contracts.gone_before_items ?? 0);
    const violations = [
      ...pass.problems,
      ...(pass.code === 0 ? [] : [`exit code ${pass.code}`]),
      ...(limited === 0 ? [] : [`${limited} answers of 420`]),
      ...(accounted === contracts ? [] : [`${accounted} of ${contracts} contracts are accounted for`]),
    ];
    return { contracts, refused, requests: esi.requests.length, seconds, violations };
  } finally {
    await esi.close();
    await user.database.drop();
  }
}
