import { toTimestamp } from '../clock.ts';
import type { Random } from '../random.ts';
import type { BidRow, ContractRow, Given, ItemRow, NewContract } from '../types.ts';
import type { ContractType, Universe } from '../universe/types.ts';
import type { Ids } from './ids.ts';
import type { ItemDraws } from './items.ts';
import type { Locations } from './locations.ts';
import { drawIsk, drawPrice } from './money.ts';
import type { People } from './people.ts';
import { drawTitle } from './titles.ts';

/** Everything that contracts are drawn with. */
export interface ContractSources {
  random: Random;
  universe: Universe;
  ids: Ids;
  items: ItemDraws;
  locations: Locations;
  people: People;
}

/** A contract as it is when it is issued. */
export interface DrawnContract {
  region_id: number;
  contract: ContractRow;
  items: ItemRow[];
  bids: BidRow[];
}

const day = 86_400_000;
const forCorporationShare = 0.24;

const types: readonly (readonly [ContractType, number])[] = [
  ['item_exchange', 97.9],
  ['auction', 1.6],
  ['courier', 0.5],
];
/** Days that contracts are open for; auctions end within two weeks. */
const exchangeDays: readonly (readonly [number, number])[] = [
  [28, 58],
  [7, 28],
  [14, 9],
  [3, 4],
  [1, 1],
];
const auctionDays: readonly (readonly [number, number])[] = [
  [1, 10],
  [3, 30],
  [7, 40],
  [14, 20],
];

/** Draws how many days a contract of that type stays open. */
export function drawType(random: Random): { type: ContractType; days: number } {
  const type = random.weighted(types);
  return { type, days: drawDays(random, type) };
}

function drawDays(random: Random, type: ContractType): number {
  return random.weighted(type === 'auction' ? auctionDays : exchangeDays);
}

/** Draws a contract issued at `issuedAt`, in its state at `now`; given values are kept. */
export function drawContract(
  sources: ContractSources,
  now: number,
  issuedAt: number,
  given: NewContract = {},
): DrawnContract {
  const { random, ids, locations } = sources;
  const { region_id: givenRegion, items: givenItems, bids: givenBids, ...fields } = given;
  const type = given.type ?? drawType(random).type;
  const region_id = givenRegion ?? regionOfStart(locations, given) ?? locations.drawRegion();
  const start = locations.drawIn(region_id);
  const end = type === 'courier' ? locations.drawElsewhere(start) : start;
  const issued = given.date_issued === undefined ? issuedAt : Date.parse(given.date_issued);

  const terms =
    type === 'courier' ? courierTerms(random) : type === 'auction' ? auctionTerms(random) : exchangeTerms(random);
  const items = givenItems?.map((row) => completeItem(ids, row)) ?? drawItems(sources, type, terms);
  const contract: ContractRow = {
    collateral: 0,
    contract_id: given.contract_id ?? ids.contract(),
    date_expired: toTimestamp(issued + drawDays(random, type) * day),
    date_issued: toTimestamp(issued),
    days_to_complete: 0,
    end_location_id: given.start_location_id !== undefined && type !== 'courier' ? given.start_location_id : end,
    ...(random.chance(forCorporationShare) ? { for_corporation: true } : {}),
    ...sources.people.draw(),
    ...terms.row,
    start_location_id: start,
    title: drawTitle(random),
    type,
    ...(type === 'courier' ? {} : { volume: volumeOf(sources.universe, items) }),
  };
  applyGiven(contract, fields);
  const bids = givenBids?.map((row) => ({
    amount: 0,
    bid_id: ids.bid(),
    date_bid: contract.date_issued,
    ...present(row),
  }));
  return { region_id, contract, items, bids: bids ?? drawBids(sources, contract, now) };
}

interface Terms {
  row: Pick<ContractRow, 'price' | 'reward' | 'collateral' | 'buyout' | 'days_to_complete' | 'volume'>;
  offers: boolean;
  asks: boolean;
}

function exchangeTerms(random: Random): Terms {
  if (random.chance(0.09)) {
    return { row: { price: 0, reward: drawIsk(random, 20_000_000) }, offers: false, asks: true };
  }
  return { row: { price: drawPrice(random), reward: 0 }, offers: true, asks: random.chance(0.025) };
}

function auctionTerms(random: Random): Terms {
  const price = drawIsk(random, 30_000_000);
  const buyout = random.weighted([
    [{ buyout: Math.round(price * (1.2 + random.next())) }, 60],
    [{ buyout: 0 }, 15],
    [{}, 25],
  ]);
  return { row: { price, reward: 0, ...buyout }, offers: true, asks: false };
}

function courierTerms(random: Random): Terms {
  return {
    row: {
      price: 0,
      reward: random.integer(10, 150) * 100_000,
      collateral: random.integer(3, 100) * 100_000_000,
      days_to_complete: random.integer(1, 7),
      volume: random.integer(1000, 900_000) + random.pick([0, 0.01, 0.5]),
    },
    offers: false,
    asks: false,
  };
}

function drawItems({ items }: ContractSources, type: ContractType, { offers, asks }: Terms): ItemRow[] {
  return type === 'courier' ? [] : [...(offers ? items.offered() : []), ...(asks ? items.requested() : [])];
}

function completeItem(ids: Ids, given: Given<ItemRow> & { type_id: number }): ItemRow {
  const isIncluded = given.is_included ?? true;
  return {
    is_included: isIncluded,
    quantity: 1,
    record_id: given.record_id ?? ids.record(),
    ...(isIncluded && !('item_id' in given) ? { item_id: ids.item() } : {}),
    ...present(given),
  };
}

/** Cubic metres of what is offered, added up the careless way that gives ESI's volumes their float noise. */
function volumeOf(universe: Universe, items: readonly ItemRow[]): number {
  return items
    .filter(({ is_included }) => is_included)
    .reduce((sum, { type_id, quantity }) => sum + (universe.types.get(type_id)?.packaged_volume ?? 0) * quantity, 0);
}

function drawBids({ random, ids }: ContractSources, contract: ContractRow, now: number): BidRow[] {
  if (contract.type !== 'auction' || random.chance(0.5)) {
    return [];
  }
  const issued = Date.parse(contract.date_issued);
  let amount = contract.price ?? 0;
  const count = random.integer(1, 6);
  return Array.from({ length: count }, (_, index) => {
    amount += Math.ceil(amount * 0.05);
    const date_bid = toTimestamp(issued + ((now - issued) * index) / count);
    return { amount, bid_id: ids.bid(), date_bid };
  });
}

function regionOfStart(locations: Locations, { start_location_id }: NewContract): number | undefined {
  return start_location_id === undefined ? undefined : locations.regionOf(start_location_id);
}

/** Overwrites the fields given; those given as undefined are taken away. */
function applyGiven(row: ContractRow, given: Given<ContractRow>): void {
  Object.assign(row, present(given));
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) {
      Reflect.deleteProperty(row, field);
    }
  }
}

function present<Row extends object>(given: Row): { [Field in keyof Row]: Exclude<Row[Field], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Field in keyof Row]: Exclude<Row[Field], undefined>;
  };
}
