import { type Answer, failure } from './answers.ts';
import { toWholeSeconds } from './clock.ts';
import type { Generation, Generations } from './generations.ts';
import type { Target } from './routes.ts';
import type { Clock, Lifetimes } from './types.ts';
import type { ContractStore, StoredContract } from './world/store.ts';

const notFound = 'Contract not found!';
const notPublic = 'Contract not public';
const accepted = 'Contract accepted by player, requires authorization';

/** Answers the three routes of public contracts. */
export function createContractRoutes(
  store: ContractStore,
  generations: Generations,
  clock: Clock,
  lifetimes: Pick<Lifetimes, 'items' | 'bids'>,
  hasRegion: (regionId: number) => boolean,
): Record<'list' | 'items' | 'bids', (target: Target) => Answer> {
  const noContent = (lifetime: number): Answer => {
    const lastModified = toWholeSeconds(clock.now().getTime());
    return { status: 204, lastModified, expires: lastModified + lifetime * 1000 };
  };

  /** The answers about contracts that are no longer listed; the id selects one of the known kinds. */
  const departed = ({ state, contract, itemsAnswer }: StoredContract, lifetime: number): Answer | undefined => {
    switch (state) {
      case 'listed':
        return undefined;
      case 'accepted':
        return itemsAnswer === 403 ? failure(403, accepted) : noContent(lifetime);
      case 'expired':
        return contract.contract_id % 2 === 0 ? noContent(lifetime) : failure(403, notPublic);
      case 'removed':
        return failure(404, notFound);
    }
  };

  return {
    list({ ids: [regionId = Number.NaN], page }) {
      if (Number.isNaN(regionId)) {
        return failure(400, 'region_id must be an integer');
      }
      return hasRegion(regionId) ? pageOf(generations.list(regionId), page) : failure(404, 'Region not found');
    },

    items({ ids: [contractId = Number.NaN], page }) {
      if (Number.isNaN(contractId)) {
        return failure(400, 'contract_id must be an integer');
      }
      const replaced = store.replacedItems(contractId);
      if (replaced !== undefined) {
        return pageOf(generations.items(contractId, replaced), page);
      }
      const stored = store.find(contractId);
      if (stored === undefined) {
        return failure(404, notFound);
      }
      // The contents of a parcel are never published; both kinds of answers occur.
      if (stored.contract.type === 'courier' && stored.items.length === 0 && contractId % 2 === 1) {
        return failure(404, notFound);
      }
      return departed(stored, lifetimes.items) ?? pageOf(generations.items(contractId, stored.items), page);
    },

    bids({ ids: [contractId = Number.NaN], page }) {
      if (Number.isNaN(contractId)) {
        return failure(400, 'contract_id must be an integer');
      }
      const stored = store.find(contractId);
      if (stored === undefined) {
        return failure(404, notFound);
      }
      if (stored.contract.type !== 'auction') {
        return contractId % 2 === 0 ? failure(404, notFound) : noContent(lifetimes.bids);
      }
      const gone = departed(stored, lifetimes.bids);
      if (gone !== undefined) {
        return gone;
      }
      // An auction nobody has bid on answers `[]` or 204.
      const generation = generations.bids(contractId, stored.bids);
      return generation.rows.length === 0 && contractId % 2 === 1
        ? noContent(lifetimes.bids)
        : pageOf(generation, page);
    },
  };
}

function pageOf(generation: Generation, page: number): Answer {
  if (!(page >= 1)) {
    return failure(400, 'page must be a positive integer');
  }
  if (page > generation.pages) {
    return failure(404, 'Requested page does not exist!');
  }
  return {
    status: 200,
    body: generation.page(page),
    lastModified: generation.lastModified,
    expires: generation.expires,
    pages: generation.pages,
    firstRow: generation.rows[0],
    isConditional: true,
  };
}
