import { toTimestamp } from '../clock.ts';
import { createRandom } from '../random.ts';
import type { BidRow, Clock, ContractState, World, WorldContract } from '../types.ts';
import type { GrowingUniverse } from '../universe/build.ts';
import { type ContractSources, type DrawnContract, drawContract, drawType } from './contract-draws.ts';
import { createIds } from './ids.ts';
import { createItemDraws } from './items.ts';
import { createLocations } from './locations.ts';
import { createPeople } from './people.ts';
import { createTypePools } from './pools.ts';

/** A contract with what the routes must know to answer for it. */
export interface StoredContract extends WorldContract {
  region_id: number;
  contract: WorldContract['contract'];
  bids: WorldContract['bids'];
  state: ContractState;
  /** Milliseconds; a contract that was put on a list although it had expired stays there, and has Infinity. */
  delistedAt: number;
  itemsAnswer: 403 | 204;
}

/** The contracts, for the routes and for tests. */
export interface ContractStore extends Omit<World, 'regenerate'> {
  /** Issues this number of contracts over their lifetime, as if the server had been running for long. */
  populate(count: number): void;
  find(contractId: number): StoredContract | undefined;
  /** All rows of a region's list as it is now. */
  rows(regionId: number): unknown[];
  /** What replaces the items of a contract, if anything does. */
  replacedItems(contractId: number): readonly unknown[] | undefined;
  /** The mutated type of an item that was in some contract. */
  hasItem(typeId: number, itemId: number): boolean;
}

/** Creates an empty store; what it will draw follows from the seed. */
export function createContractStore(seed: number, universe: GrowingUniverse, clock: Clock): ContractStore {
  const random = createRandom(seed);
  const ids = createIds(random);
  const sources: ContractSources = {
    random,
    universe,
    ids,
    items: createItemDraws(random, ids, createTypePools(universe)),
    locations: createLocations(random, universe),
    people: createPeople(random, universe.names),
  };
  const contracts = new Map<number, StoredContract>();
  const byRegion = new Map([...universe.regions.keys()].map((id) => [id, new Map<number, StoredContract>()]));
  const rawRows = new Map<number, unknown[]>();
  const rawItems = new Map<number, readonly unknown[]>();
  const itemTypes = new Map<number, number>();

  const now = () => clock.now().getTime();

  const requireContract = (contractId: number): StoredContract => {
    const stored = contracts.get(contractId);
    if (stored === undefined) {
      throw new RangeError(`There is no contract ${contractId}.`);
    }
    return stored;
  };

  const requireRegion = (regionId: number): Map<number, StoredContract> => {
    const region = byRegion.get(regionId);
    if (region === undefined) {
      throw new RangeError(`There is no region ${regionId}.`);
    }
    return region;
  };

  const knowIssuer = ({ issuer_id, issuer_corporation_id }: DrawnContract['contract']): void => {
    for (const [id, category] of [
      [issuer_id, 'character'],
      [issuer_corporation_id, 'corporation'],
    ] as const) {
      if (!universe.names.has(id)) {
        universe.names.set(id, { id, name: `Somebody ${id}`, category });
      }
    }
  };

  const insert = ({ region_id, contract, items, bids }: DrawnContract): StoredContract => {
    const region = requireRegion(region_id);
    const id = contract.contract_id;
    if (contracts.has(id)) {
      throw new RangeError(`There already is a contract ${id}.`);
    }
    const expiresAt = Date.parse(contract.date_expired);
    const stored: StoredContract = {
      region_id,
      contract,
      items,
      bids,
      state: 'listed',
      delistedAt: expiresAt > now() ? expiresAt : Number.POSITIVE_INFINITY,
      itemsAnswer: id % 2 === 0 ? 403 : 204,
    };
    contracts.set(id, stored);
    region.set(id, stored);
    knowIssuer(contract);
    for (const { item_id, type_id } of items) {
      if (item_id !== undefined) {
        itemTypes.set(item_id, type_id);
      }
    }
    return stored;
  };

  const settle = (stored: StoredContract, at: number): StoredContract => {
    if (stored.state === 'listed' && stored.delistedAt <= at) {
      stored.state = 'expired';
    }
    return stored;
  };

  const listed = (among: Iterable<StoredContract>): StoredContract[] => {
    const at = now();
    return [...among]
      .filter((stored) => settle(stored, at).state === 'listed')
      .sort((left, right) => left.contract.contract_id - right.contract.contract_id);
  };

  const add: World['add'] = (given) => insert(drawContract(sources, now(), now(), given));

  return {
    list: () => listed(contracts.values()),
    contract: (contractId) => {
      const stored = contracts.get(contractId);
      return stored && settle(stored, now());
    },
    find: (contractId) => {
      const stored = contracts.get(contractId);
      return stored && settle(stored, now());
    },
    add,
    addMany(count) {
      const at = now();
      return Array.from({ length: count }, (_, index) =>
        insert(drawContract(sources, at, at - (count - 1 - index) * 1000)),
      );
    },
    populate(count) {
      const at = now();
      const day = 86_400_000;
      const drawn = Array.from({ length: count }, () => {
        const { type, days } = drawType(random);
        // A moment before the full age at most: nothing is listed that has expired.
        return { type, days, age: random.next() * 0.999 * days * day };
      });
      // Oldest first, since ids rise with the date of issue.
      for (const { type, days, age } of drawn.sort((left, right) => right.age - left.age)) {
        const issued = at - age;
        insert(drawContract(sources, at, issued, { type, date_expired: toTimestamp(issued + days * day) }));
      }
    },
    complete(contractId, itemsAnswer) {
      const stored = requireContract(contractId);
      stored.state = 'accepted';
      stored.itemsAnswer = itemsAnswer ?? stored.itemsAnswer;
    },
    expire(contractId) {
      const stored = requireContract(contractId);
      stored.contract = { ...stored.contract, date_expired: toTimestamp(now() - 1000) };
      stored.state = 'expired';
    },
    remove(contractId) {
      requireContract(contractId).state = 'removed';
    },
    extend(contractId, seconds) {
      const stored = requireContract(contractId);
      const end = Date.parse(stored.contract.date_expired) + seconds * 1000;
      stored.contract = { ...stored.contract, date_expired: toTimestamp(end) };
      stored.delistedAt = end > now() ? end : Number.POSITIVE_INFINITY;
    },
    move(contractId, regionId) {
      const stored = requireContract(contractId);
      requireRegion(stored.region_id).delete(contractId);
      requireRegion(regionId).set(contractId, stored);
      stored.region_id = regionId;
    },
    relist(contractId) {
      const stored = requireContract(contractId);
      stored.state = 'listed';
      const expiresAt = Date.parse(stored.contract.date_expired);
      stored.delistedAt = expiresAt > now() ? expiresAt : Number.POSITIVE_INFINITY;
    },
    reissue(contractId) {
      const { region_id, contract, items } = requireContract(contractId);
      const { contract_id: _contract, date_issued: _issued, date_expired: _expired, ...terms } = contract;
      return add({ region_id, ...terms, items: items.map(({ record_id: _record, ...item }) => item) });
    },
    bid(contractId, amount) {
      const stored = requireContract(contractId);
      const row: BidRow = { amount, bid_id: ids.bid(), date_bid: toTimestamp(now()) };
      stored.bids = [...stored.bids, row];
      return row;
    },
    raw(regionId, row) {
      requireRegion(regionId);
      rawRows.set(regionId, [...(rawRows.get(regionId) ?? []), row]);
    },
    rawItems(contractId, rows) {
      rawItems.set(contractId, rows);
    },
    forgetName(id) {
      universe.names.delete(id);
    },
    rows: (regionId) => [
      ...listed(requireRegion(regionId).values()).map(({ contract }) => contract),
      ...(rawRows.get(regionId) ?? []),
    ],
    replacedItems: (contractId) => rawItems.get(contractId),
    hasItem: (typeId, itemId) => itemTypes.get(itemId) === typeId,
  };
}
