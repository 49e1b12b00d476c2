import { createRandom, type Random } from '../fake-esi/random.ts';
import { startStandInEsi } from '../fake-esi/server.ts';
import type { StandInEsi, StandInOptions, WorldContract } from '../fake-esi/types.ts';

/** The Forge, Domain, Heimatar. */
const regions = [10000002, 10000043, 10000030];
/** Few types, so that a pass is about contracts and not about their names. */
const types = [587, 34, 35, 638];

/** A server with a few pages of contracts per region, and operations that change them. */
export interface ChaosWorld {
  readonly esi: StandInEsi;
  readonly random: Random;
  /** Contracts that were delisted at some time; only these may be recorded as gone. */
  readonly delisted: ReadonlySet<number>;
  /** New contracts are issued. */
  issue(count: number): void;
  /** Contracts are accepted, deleted or expire. */
  delist(count: number): void;
  /** Delisted contracts return. */
  relist(count: number): void;
  /** Listed auctions are extended, like by a bid shortly before their end. */
  extend(count: number): void;
  /** Locations move to another region, with all contracts that start there. */
  move(count: number): void;
  /** Makes new generations of all lists. */
  regenerate(): void;
}

/** Starts the server; its world follows from the seed. */
export async function openWorld(seed: number, options: StandInOptions = {}): Promise<ChaosWorld> {
  const random = createRandom(seed);
  const esi = await startStandInEsi({
    seed,
    regions,
    pageSize: 8,
    // Lists that expire at once let passes follow one another without waiting.
    lifetimes: { list: 1 },
    errorLimit: { limit: 100, windowSeconds: 2 },
    ...options,
  });
  const delisted = new Set<number>();
  let issuedInAll = 0;
  const anyListed = (): WorldContract | undefined => {
    const listed = esi.world.list();
    return listed.length === 0 ? undefined : random.pick(listed);
  };

  /**
   * The listed contracts of each location, in each region. Excludes locations with most of their region's contracts: a
   * list that lacks so many is doubted until a second one confirms it, which is not a fault.
   */
  function movable(): [WorldContract, ...WorldContract[]][] {
    const inRegions = Map.groupBy(esi.world.list(), ({ region_id }) => region_id);
    return [...inRegions.values()].flatMap((inRegion) => {
      const places = Map.groupBy(inRegion, ({ contract }) => contract.start_location_id);
      return [...places.values()].filter(({ length }) => length <= inRegion.length / 2) as ReturnType<typeof movable>;
    });
  }

  return {
    esi,
    random,
    delisted,
    issue(count) {
      for (let issued = 0; issued < count; issued += 1) {
        const type = random.weighted([
          ['item_exchange', 8],
          ['auction', 1],
          ['courier', 1],
        ] as const);
        // More than eight items are two pages here.
        const quantities = Array.from({ length: random.integer(1, 12) }, () => random.integer(1, 1_000_000));
        const items = quantities.map((quantity) => ({ type_id: random.pick(types), quantity }));
        // Nothing expires by itself while a scenario lasts.
        const date_expired = new Date(Date.now() + 28 * 86_400_000).toISOString().replace(/\.\d+/, '');
        const content = type === 'courier' ? {} : { items };
        // In turn, so that every list has several pages: only those can disagree.
        esi.world.add({ region_id: regions[issuedInAll % regions.length] ?? 0, type, date_expired, ...content });
        issuedInAll += 1;
      }
    },
    delist(count) {
      for (let left = count; left > 0; left -= 1) {
        const contractId = anyListed()?.contract.contract_id;
        if (contractId === undefined) return;
        delisted.add(contractId);
        esi.world[random.pick(['complete', 'remove'] as const)](contractId);
      }
    },
    relist(count) {
      const gone = [...delisted].filter((id) => esi.world.contract(id)?.state !== 'listed');
      for (const id of gone.slice(0, count)) esi.world.relist(id);
    },
    extend(count) {
      const auctions = esi.world.list().filter(({ contract }) => contract.type === 'auction');
      for (const { contract } of auctions.slice(0, count)) esi.world.extend(contract.contract_id, 300);
    },
    move(count) {
      for (let left = count; left > 0; left -= 1) {
        const groups = movable();
        if (groups.length === 0) return;
        const group = random.pick(groups);
        const [{ region_id: from }] = group;
        const to = random.pick(regions.filter((id) => id !== from));
        // A system moves with all that is in it.
        for (const { contract } of group) esi.world.move(contract.contract_id, to);
      }
    },
    regenerate: () => esi.world.regenerate(),
  };
}
