import { RejectedError } from '../failures.ts';
import type { UnitOfWork } from '../records/pass.ts';
import type { Store } from '../store.ts';

/** Writes units of work in one transaction, each completely or not at all. */
export type StoreContracts = (units: readonly UnitOfWork[]) => Promise<void>;

/**
 * A group is written when no other unit has arrived for this long, or when its first unit has waited for the maximum.
 * Answers to concurrent requests come in bursts. The pause is longer than the gaps between them, because one transaction
 * per burst writes the pages of the indexes more than twice as often (docs/performance.md).
 */
const pauseMilliseconds = 50;
const longestWaitMilliseconds = 150;
/** Other statements of the pass wait for each transaction. */
const maxUnits = 100;

interface Waiting {
  readonly unit: UnitOfWork;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Stores contracts that arrive one by one in groups, one group at a time. If the database rejects a group, each of its
 * contracts is stored separately, so that only the bad one is rejected.
 */
export function inGroups(storeContracts: StoreContracts): Store['storeContract'] {
  const waiting: Waiting[] = [];
  let isWriting = false;
  let timer: NodeJS.Timeout | undefined;
  let begun = 0;

  async function writeAll(): Promise<void> {
    timer = undefined;
    isWriting = true;
    while (waiting.length > 0) await write(nextGroup(waiting));
    isWriting = false;
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      await storeContracts(group.map(({ unit }) => unit));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (error instanceof RejectedError && group.length > 1) for (const one of group) await write([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  return (unit) =>
    new Promise((resolve, reject) => {
      waiting.push({ unit, resolve, reject });
      if (isWriting) return;
      if (timer === undefined) {
        timer = setTimeout(writeAll, pauseMilliseconds);
        begun = performance.now();
      } else if (performance.now() - begun < longestWaitMilliseconds) timer.refresh();
    });
}

/** Takes the units that have waited longest, with at most one per contract. */
function nextGroup(waiting: Waiting[]): Waiting[] {
  const ids = new Set<number>();
  const end = waiting.findIndex(({ unit: { contract } }) => ids.size === ids.add(contract.contract_id).size);
  return waiting.splice(0, Math.min(end === -1 ? waiting.length : end, maxUnits));
}
