import { namedFaults } from './faults.ts';
import type { Scenario } from './scenario.ts';

/** Shares of requests with faults. */
export const rates = [0.01, 0.1, 0.4] as const;

export const together = 'all of these together, while lists change';

/** Every fault alone and all together, at every rate; all random choices follow from the seed. */
export function planScenarios(seed: number): Scenario[] {
  const alone = namedFaults.map((fault) => ({ name: fault.name, faults: [fault] }));
  const all = { name: together, faults: namedFaults, drifts: true };
  return [...alone, all].flatMap((scenario, index) =>
    rates.map((rate, rateIndex) => ({ ...scenario, rate, seed: seed + index * rates.length + rateIndex })),
  );
}
