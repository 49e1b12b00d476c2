import type { DatabaseLocation } from '../../src/store/location.ts';
import { openLocked } from '../../src/store/open.ts';
import { instantAfter } from '../../src/time.ts';
import { createRandom, type Random } from '../fake-esi/random.ts';
import { openTarget, type Row, type Value } from './target.ts';
import {
  categoryOf,
  corporations,
  day,
  firstRegion,
  issuers,
  maxRange,
  now,
  regions,
  stations,
  sweptRegions,
  typeId,
  types,
  universe,
  webifier,
  webifierMutator,
  webifierSource,
} from './universe.ts';

export interface HistorySize {
  readonly listed: number;
  readonly gone: number;
}

/** As many new public contracts a day as there are in 2026. */
const newPerDay = 7_000;
const firstContract = 230_000_000;
const sweepsPerDay = 48;
/** Passes that the ledger has: three months of them. */
const passes = 90 * sweepsPerDay;
/** Contracts written at once. */
const batchSize = 20_000;

const columnsOf = {
  contracts:
    'contract_id region_id type title title_folded price reward collateral volume days_to_complete for_corporation ' +
    'date_issued date_expired issuer_id issuer_corporation_id start_location_id end_location_id item_count ' +
    'asked_item_count sole_type_id sole_quantity first_seen_at last_seen_at gone_at outcome',
  contract_items:
    'contract_id record_id type_id quantity is_included is_blueprint_copy material_efficiency time_efficiency runs item_id',
  rolls: 'item_id type_id contract_id source_type_id mutator_type_id fetched_at',
  roll_attributes: 'item_id attribute_id value',
  contract_bids: 'contract_id bid_id amount date_bid first_seen_at',
  contract_changes: 'run_id contract_id region_id at change',
};

/**
 * Fills a migrated, empty database: about this number of listed contracts among gone ones, with items, bids, changes in
 * the order of time, and the ledger of the passes that saw them.
 */
export async function fillHistory(location: DatabaseLocation, { listed, gone }: HistorySize): Promise<void> {
  const target = openTarget(location);
  for (const [table, rows] of Object.entries({ ...universe(), ...ledger() })) {
    await target.insert(table, Object.keys(rows[0] ?? {}), rows.map(Object.values));
  }
  const random = createRandom(1);
  const total = listed + gone;
  /** How long a contract stays at most, in contracts issued meanwhile: half of the last ones are still there. */
  const longestStay = 2 * listed;
  /** When the contract of this index was issued, in milliseconds from now. */
  const issuedAt = (index: number) => -((total - index) / newPerDay) * day;
  const regionOf: number[] = [];
  /** Contracts that are taken when so many have been issued. */
  const taken = new Map<number, number[]>();
  let record = 5_000_000_000;
  let rows = noRows();
  const change = (kind: string, index: number, at: number) =>
    rows.contract_changes.push([
      runAt(at),
      firstContract + index,
      regionOf[index] ?? null,
      instantAfter(now, at),
      kind,
    ]);

  for (let index = 0; index < total; index += 1) {
    const takenAt = index + 1 + Math.floor(random.next() * longestStay);
    const isListed = takenAt >= total;
    const items = drawItems(random);
    const contract = drawContract(index, issuedAt(index), isListed ? undefined : issuedAt(takenAt), items, random);
    const [contract_id = null, region_id, type] = contract;
    regionOf[index] = Number(region_id);
    rows.contracts.push(contract);
    for (const item of items) addItem(contract_id, record++, item, random);
    if (type === 'auction') rows.contract_bids.push(...drawBids(contract_id, issuedAt(index), random));
    change('appeared', index, issuedAt(index));
    if (!isListed) taken.set(takenAt, [...(taken.get(takenAt) ?? []), index]);
    for (const gone of taken.get(index) ?? []) change('gone', gone, issuedAt(index));
    taken.delete(index);
    if (rows.contracts.length >= batchSize) await insertAll();
  }
  await insertAll();
  await target.finish();
  const { store, close } = await openLocked(location);
  await store.valueContracts();
  await close();

  function addItem(contract_id: Value, id: number, item: Item, random: Random): void {
    rows.contract_items.push([contract_id, id, ...item, id]);
    const [type, , isOffered] = item;
    if (type !== webifier || !isOffered) return;
    rows.rolls.push([id, type, contract_id, webifierSource, webifierMutator, instantAfter(now, 0)]);
    rows.roll_attributes.push([id, maxRange, 9_000 + random.next() * 5_000]);
  }

  async function insertAll(): Promise<void> {
    for (const [table, columns] of Object.entries(columnsOf)) {
      await target.insert(table, columns.split(' '), rows[table as keyof typeof columnsOf]);
    }
    rows = noRows();
  }
}

function noRows(): Record<keyof typeof columnsOf, Row[]> {
  return { contracts: [], contract_items: [], rolls: [], roll_attributes: [], contract_bids: [], contract_changes: [] };
}

type Item = readonly [
  type: number,
  quantity: number,
  offered: boolean,
  copy: boolean,
  me: Value,
  te: Value,
  runs: Value,
];

/** Eight to a contract on average, with a long tail; half of the contracts hold a single stack. */
function drawItems(random: Random): Item[] {
  if (random.chance(0.03)) return [];
  const count = random.chance(0.5) ? 1 : 1 + Math.floor(-Math.log(1 - random.next()) * 14);
  const isPurchase = random.chance(0.1);
  return Array.from({ length: count }, () => {
    const index = Math.floor(random.next() ** 2 * types);
    const isCopy = categoryOf(index) === 9 && random.chance(0.8);
    const isBlueprint = categoryOf(index) === 9;
    return [
      typeId(index),
      categoryOf(index) === 4 ? random.integer(1, 1_000_000) : 1,
      !isPurchase,
      isCopy,
      isBlueprint ? random.integer(0, 10) : null,
      isBlueprint ? 2 * random.integer(0, 10) : null,
      isCopy ? random.integer(1, 300) : null,
    ];
  });
}

/** Up to four bids, each higher than the one before. */
function drawBids(contract_id: Value, issued: number, random: Random): Row[] {
  const at = instantAfter(now, issued);
  return Array.from({ length: random.integer(0, 4) }, (_, index) => [
    contract_id,
    Number(contract_id) * 10 + index,
    (index + 1) * 1_000_000,
    at,
    at,
  ]);
}

/** @param taken when it went, in milliseconds from now as `issued`; undefined while it is listed */
function drawContract(
  index: number,
  issued: number,
  taken: number | undefined,
  items: readonly Item[],
  random: Random,
): Row {
  const contract_id = firstContract + index;
  const expired = Math.max(issued + 28 * day, taken === undefined ? day : issued);
  const type = items.length === 0 ? 'courier' : random.chance(0.02) ? 'auction' : 'item_exchange';
  const title = random.weighted([
    ['', 53],
    ['Perfect 10/20 BPC', 2],
    ['cheap Rifter', 1],
    [`lot ${contract_id}, moving out`, 44],
  ]);
  const offered = items.filter(([, , isOffered]) => isOffered);
  const [first] = offered;
  const isSole = first !== undefined && offered.every(([id]) => id === first[0]);
  const start = 60_000_000 + Math.floor(random.next() ** 2 * stations);
  const seen = instantAfter(now, issued);
  return [
    contract_id,
    firstRegion + Math.floor(random.next() ** 4 * regions),
    type,
    title,
    title.toLowerCase(),
    Math.round(10 ** (4 + 6 * random.next()) * 100) / 100,
    type === 'courier' ? random.integer(1, 50) * 1_000_000 : 0,
    type === 'courier' ? random.integer(1, 5_000) * 1_000_000 : 0,
    random.integer(1, 300_000),
    type === 'courier' ? 3 : 0,
    random.chance(0.2),
    seen,
    instantAfter(now, expired),
    90_000_000 + random.integer(0, issuers - 1),
    98_000_000 + random.integer(0, corporations - 1),
    start,
    type === 'courier' ? 60_000_000 + random.integer(0, stations - 1) : start,
    items.length,
    items.length - offered.length,
    isSole ? first[0] : null,
    isSole ? offered.reduce((sum, [, quantity]) => sum + quantity, 0) : null,
    seen,
    instantAfter(now, taken ?? 0),
    taken === undefined ? null : instantAfter(now, taken),
    taken === undefined ? null : 'unknown',
  ];
}

/** A pass every half hour, each of which swept every region completely. */
function ledger(): Record<string, Record<string, Value>[]> {
  const passList = Array.from({ length: passes }, (_, index) => {
    const at = -((index + 1) / sweepsPerDay) * day;
    const times = { started_at: instantAfter(now, at), finished_at: instantAfter(now, at + 60_000) };
    return { run_id: runAt(at), outcome: 'complete', ...times };
  });
  const none = { returned: 0, stored: 0, gone: 0, deferred: 0, quarantined: 0, not_modified: 0, errors: 0 };
  return {
    runs: passList.map((pass) => ({ ...pass, host: 'bench', process_id: 1, version: '0' })),
    region_sweeps: passList.flatMap((pass) =>
      Array.from({ length: sweptRegions }, (_, index) => ({
        ...pass,
        region_id: firstRegion + index,
        pages: 1,
        listed: 1,
        new: 0,
        requests: 1,
        ...none,
      })),
    ),
  };
}

/** The pass that saw what happened then. @param at in milliseconds from now */
function runAt(at: number): string {
  return `run-${String(Math.floor((-at / day) * sweepsPerDay)).padStart(8, '0')}`;
}
