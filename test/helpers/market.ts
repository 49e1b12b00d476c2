import { type Backing, openTestStore, type TestDatabase } from './backings.ts';
import { type Filled, fill, type GivenContract, inHours } from './contracts.ts';
import { change } from './tables.ts';
import { domain, heimatar, places, saveUniverse, types } from './universe.ts';

/** The contracts of the market, by their distinctive property. */
export const ids = {
  rifter: 101,
  pair: 102,
  fleet: 103,
  minerals: 104,
  wanted: 105,
  barter: 106,
  copies: 107,
  auction: 108,
  courier: 109,
  unnamed: 110,
  expired: 111,
  gone: 112,
  goneExpired: 113,
};

/** Contracts in the last complete sweep that have not expired, the default of queries. */
export const listed: readonly number[] = Object.values(ids).filter((id) => id <= ids.unnamed);

/** Contracts of mixed contents, so that a filter that looks at the wrong item, or at none, is found out. */
export const market: readonly GivenContract[] = [
  {
    contract_id: ids.rifter,
    row: { title: 'Rifter, fitted', price: 8_200_000, volume: 27289, issuer_id: 90000002 },
    items: [
      { type_id: types.tritanium, quantity: 100, record_id: 30 },
      { type_id: types.rifter, item_id: 1000000000001, record_id: 20 },
      { type_id: types.tritanium, quantity: 7, record_id: 10 },
    ],
  },
  {
    contract_id: ids.pair,
    row: { title: 'PAIR 100% ready', price: 20_000_000, for_corporation: true, start_location_id: places.jita },
    items: [{ type_id: types.rifter }, { type_id: types.rifter }],
  },
  {
    contract_id: ids.fleet,
    region_id: domain,
    row: { title: 'Fleet_pack\u001B[31m', price: 150_000_000, start_location_id: places.amarrStation },
    items: [{ type_id: types.caracal }, { type_id: types.rifter, quantity: 3 }],
  },
  {
    contract_id: ids.minerals,
    region_id: domain,
    row: {
      title: 'ÄÖ Erz',
      price: 1_500_000_000,
      volume: 0.01,
      start_location_id: places.structure,
      issuer_corporation_id: 98000002,
    },
    items: [{ type_id: types.tritanium, quantity: 2_000_000 }],
  },
  {
    contract_id: ids.wanted,
    row: { price: undefined, reward: 300_000 },
    items: [{ type_id: types.rifter, is_included: false }],
  },
  {
    contract_id: ids.barter,
    region_id: heimatar,
    row: { title: '=1+1', price: 0, reward: 0 },
    items: [
      { type_id: types.tritanium, quantity: 500 },
      { type_id: types.caracal, is_included: false },
    ],
  },
  {
    contract_id: ids.copies,
    row: { title: 'back\\slash "quoted"', start_location_id: undefined, end_location_id: undefined },
    items: [
      {
        type_id: types.rifterBlueprint,
        is_blueprint_copy: true,
        material_efficiency: 10,
        time_efficiency: 20,
        runs: 5,
      },
      { type_id: types.rifterBlueprint, material_efficiency: 0, time_efficiency: 0 },
    ],
  },
  {
    contract_id: ids.auction,
    region_id: domain,
    row: { type: 'auction', title: 'two\nlines', price: 300_000, buyout: 1_000_000 },
    items: [{ type_id: types.ibis, quantity: 2 }, { type_id: types.tritanium }],
    bids: [
      { bid_id: 501, amount: 315_000, date_bid: inHours(-5) },
      { bid_id: 503, amount: 350_000.25, date_bid: inHours(-3) },
      { bid_id: 502, amount: 330_000, date_bid: inHours(-4) },
    ],
  },
  {
    contract_id: ids.courier,
    region_id: heimatar,
    row: {
      type: 'courier',
      reward: 5_000_000,
      collateral: 1_000_000_000,
      volume: 12.5,
      days_to_complete: 3,
      end_location_id: places.amarrStation,
    },
  },
  {
    contract_id: ids.unnamed,
    row: { title: '🚀 NUL\0 here', price: 2_000_000 },
    items: [{ type_id: types.unnamed }],
  },
  {
    contract_id: ids.expired,
    row: { title: 'too late', price: 1_000_000, date_expired: inHours(-0.5), date_issued: inHours(-72) },
    items: [{ type_id: types.rifter }],
  },
  {
    contract_id: ids.gone,
    isGone: true,
    row: { title: 'sold?', price: 1_000_000, date_issued: inHours(-48) },
    items: [{ type_id: types.rifter }],
  },
  {
    contract_id: ids.goneExpired,
    isGone: true,
    row: { price: 1_000_000, date_expired: inHours(-1.5), date_issued: inHours(-96) },
    items: [{ type_id: types.rifter }],
  },
];

export interface Market extends Filled {
  readonly database: TestDatabase;
}

/** A database of the test's own with the whole market in it, closed and ready for questions. */
export async function openMarket(backing: Backing): Promise<Market> {
  const opened = await openFilled(backing, market);
  await addRoll(opened.database);
  return opened;
}

/** Gives the market's one item with an id a roll, as if it were a mutated module. */
export function addRoll(database: TestDatabase): Promise<void> {
  return change(
    database,
    `INSERT INTO dogma_attributes (attribute_id, name, high_is_good) VALUES (54, 'maxRange', TRUE);
    INSERT INTO mutations VALUES (47701, 527, 47702);
    INSERT INTO mutation_ranges (mutator_type_id, attribute_id, min, max) VALUES (47701, 54, 0.9, 1.4);
    INSERT INTO rolls (item_id, type_id, contract_id, source_type_id, mutator_type_id, fetched_at)
      VALUES (1000000000001, 587, 101, 527, 47701, '2026-03-01T12:00:00Z');
    INSERT INTO roll_attributes VALUES (1000000000001, 54, 11500)`,
  );
}

/** A database of the test's own with these contracts and the universe in it, closed and ready for questions. */
export async function openFilled(backing: Backing, contracts: readonly GivenContract[]): Promise<Market> {
  const { store, close, database } = await openTestStore(backing);
  await saveUniverse(store);
  const filled = await fill(store, contracts);
  await close();
  return { ...filled, database };
}
