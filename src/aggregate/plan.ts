import { contractItemsPath } from '../esi/routes/contract-items.ts';
import { dynamicItemPath } from '../esi/routes/dynamic-items.ts';
import { namesPath, namesPerRequest } from '../esi/routes/names.ts';
import { objectPath } from '../esi/routes/universe.ts';
import { typesWithItems } from '../eve/contract.ts';
import { referenceKindNames } from '../eve/reference.ts';
import type { Store } from '../store/store.ts';
import { type Clock, toInstant } from '../time.ts';

/**
 * The requests that a pass would still send after the lists: at least this many per route, in the order of the pass.
 */
export type Plan = Readonly<Record<string, number>>;

export interface PlanContext {
  readonly store: Pick<Store, 'dueContracts' | 'dueAuctions' | 'dueRolls' | 'missingReferences'>;
  readonly now: Clock;
  readonly rolls?: boolean | undefined;
}

const contractsAtOnce = 2_000;
const routeOf = (path: string) => path.replaceAll(/\d+/g, '{id}');

/**
 * Counts the requests that are due. The types and names in new contracts are unknown until they are fetched, so they
 * are not counted.
 */
export async function planOf(regionIds: readonly number[], { store, now, rolls }: PlanContext): Promise<Plan> {
  const at = toInstant(now());
  const waiting = await countWaiting(regionIds, store, at);
  const known = await store.dueAuctions(regionIds, at);
  const plan: Record<string, number> = {
    [routeOf(contractItemsPath(0))]: waiting.withItems,
    // The bids of a new auction are requested as soon as it is stored.
    'contracts/public/bids/{id}': known.length + waiting.auctions,
  };
  for (const kind of referenceKindNames) {
    plan[routeOf(objectPath(kind, 0))] = (await store.missingReferences(kind, at)).length;
  }
  if (rolls !== false) plan[routeOf(dynamicItemPath(0, 0))] = (await store.dueRolls(at)).length;
  plan[namesPath] = Math.ceil((await store.missingReferences('name', at)).length / namesPerRequest);
  return Object.fromEntries(Object.entries(plan).filter(([, requests]) => requests > 0));
}

async function countWaiting(regionIds: readonly number[], store: PlanContext['store'], at: string) {
  const waiting = { withItems: 0, auctions: 0 };
  let due = await store.dueContracts(regionIds, at, { limit: contractsAtOnce });
  while (due.length > 0) {
    for (const { row } of due) {
      const { type } = JSON.parse(row) as { readonly type?: string };
      if (typesWithItems.includes(type ?? '')) waiting.withItems += 1;
      if (type === 'auction') waiting.auctions += 1;
    }
    due = await store.dueContracts(regionIds, at, { after: due.at(-1), limit: contractsAtOnce });
  }
  return waiting;
}
