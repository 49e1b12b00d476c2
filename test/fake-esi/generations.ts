import { Body } from './answers.ts';
import { toWholeSeconds } from './clock.ts';
import type { Clock, Lifetimes } from './types.ts';
import type { ContractStore } from './world/store.ts';

/** Rows as of their generation, served unchanged until they expire. */
export interface Generation {
  /** Milliseconds, whole seconds. */
  lastModified: number;
  /** Milliseconds. */
  expires: number;
  rows: readonly unknown[];
  pages: number;
  /** The body of a page that exists. */
  page(number: number): Body;
}

/** With fewer rows than this, bodies are serialized for every request. */
const fewRows = 100;

/** The cached generations of all lists, items and bids. */
export interface Generations {
  list(regionId: number): Generation;
  items(contractId: number, rows: readonly unknown[]): Generation;
  bids(contractId: number, rows: readonly unknown[]): Generation;
  regenerate(regionId?: number): void;
}

/** Starts with nothing cached. */
export function createGenerations(
  store: ContractStore,
  clock: Clock,
  lifetimes: Pick<Lifetimes, 'list' | 'items' | 'bids'>,
  pageSize: number,
): Generations {
  const lists = new Map<number, Generation>();
  const items = new Map<number, Generation>();
  const bids = new Map<number, Generation>();

  const make = (rows: readonly unknown[], lifetime: number, notBefore: number): Generation => {
    const lastModified = Math.max(toWholeSeconds(clock.now().getTime()), notBefore);
    const bodies = new Map<number, Body>();
    return {
      lastModified,
      expires: lastModified + lifetime * 1000,
      rows,
      pages: Math.max(1, Math.ceil(rows.length / pageSize)),
      page(number) {
        const body = bodies.get(number) ?? Body.json(rows.slice((number - 1) * pageSize, number * pageSize));
        // Short bodies are quick to make, and tens of thousands of them would fill the memory.
        if (rows.length >= fewRows) {
          bodies.set(number, body);
        }
        return body;
      },
    };
  };

  const fresh = (generation: Generation | undefined): Generation | undefined =>
    generation !== undefined && clock.now().getTime() < generation.expires ? generation : undefined;

  const remake = (regionId: number, notBefore: number): Generation => {
    const generation = make(store.rows(regionId), lifetimes.list, notBefore);
    lists.set(regionId, generation);
    return generation;
  };

  return {
    list(regionId) {
      const last = lists.get(regionId);
      return fresh(last) ?? remake(regionId, last?.lastModified ?? 0);
    },
    items(contractId, rows) {
      const last = fresh(items.get(contractId));
      if (last?.rows === rows) {
        return last;
      }
      const generation = make(rows, lifetimes.items, 0);
      items.set(contractId, generation);
      return generation;
    },
    bids(contractId, rows) {
      const last = fresh(bids.get(contractId));
      if (last !== undefined) {
        return last;
      }
      const generation = make(rows, lifetimes.bids, 0);
      bids.set(contractId, generation);
      return generation;
    },
    regenerate(regionId) {
      items.clear();
      bids.clear();
      for (const [id, last] of regionId === undefined ? [...lists] : [[regionId, lists.get(regionId)] as const]) {
        // HTTP dates have whole seconds, so two generations within a second would look the same.
        remake(id, last === undefined ? 0 : last.lastModified + 1000);
      }
    },
  };
}
