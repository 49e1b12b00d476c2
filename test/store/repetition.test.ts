import { describe, expect, onTestFinished, test } from 'vitest';
import { noStaticRows } from '../../src/eve/static-data.ts';
import { createStore } from '../../src/store/operations/operations.ts';
import { rememberCommits } from '../../src/store/postgres/commits.ts';
import { openPool } from '../../src/store/postgres/connection.ts';
import { contractWriter as postgresContractWriter } from '../../src/store/postgres/contracts.ts';
import { createPostgresDriver, type Survive } from '../../src/store/postgres/driver.ts';
import * as postgresSchema from '../../src/store/schema/postgres.ts';
import * as sqliteSchema from '../../src/store/schema/sqlite.ts';
import type { Driver } from '../../src/store/script.ts';
import { openForWriting } from '../../src/store/sqlite/connection.ts';
import { contractWriter as sqliteContractWriter } from '../../src/store/sqlite/contracts.ts';
import { createSqliteDriver } from '../../src/store/sqlite/driver.ts';
import type { Store } from '../../src/store/store.ts';
import { type Backing, backings, newMigratedDatabase, type TestDatabase } from '../helpers/backings.ts';
import {
  contractOf,
  contractRow,
  domain,
  forge,
  itemOf,
  itemRow,
  listed,
  sweepOf,
  unusable,
} from '../helpers/esi-rows.ts';
import { sweepRow } from '../helpers/ledger-rows.ts';
import { rowsOf } from '../helpers/tables.ts';

/** Runs work repeatedly, like after a server restart that followed the commit and preceded the answer. */
type Repeat = <Result>(work: () => Promise<Result>) => Promise<Result>;

const once: Repeat = (work) => work();
const twice: Repeat = async (work) => {
  await work();
  return work();
};

async function openRepeating({ location }: TestDatabase, repeat: Repeat): Promise<Store> {
  const analyze = async () => {};
  // It is never repeated: the rows that it writes come once.
  const writeInBulk = () => Promise.reject(new Error('not called'));
  if (location.dialect === 'sqlite') {
    const client = openForWriting(location.path);
    onTestFinished(() => void client.close());
    const { dialect, read, transact } = createSqliteDriver(client);
    const driver: Driver = { dialect, read, transact: (script) => repeat(() => transact(script)) };
    const write = sqliteContractWriter(client, location.path);
    return createStore(driver, sqliteSchema, {
      storeContracts: (units) => repeat(() => write(units)),
      analyze,
      vacuum: analyze,
      writeInBulk,
    });
  }
  const { client, close } = openPool(location.url, { connections: 1 });
  onTestFinished(close);
  const survive: Survive = (work) => repeat(() => work(client));
  const commits = rememberCommits(location.url);
  const storeContracts = postgresContractWriter(survive, commits);
  return createStore(createPostgresDriver(survive, commits), postgresSchema, {
    storeContracts,
    analyze,
    vacuum: analyze,
    writeInBulk,
  });
}

const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:30:00Z';

const auctions = [1, 2, 3].map((id) => listed(id, { type: 'auction' }));
const extended = auctions.map(({ contract, row }) => ({
  contract: { ...contract, price: 7, date_expired: '2026-03-20T10:00:00Z' },
  row,
}));
const settlement = { run_id: 'b', at: later, region_ids: [forge], moves: [], generated_until: null };
const quarantined = [unusable('price', 9)];
const look = { run_id: 'a', contract_id: 1, region_id: forge, expires_at: later };
const bid = { bid_id: 5, amount: 7, date_bid: noon };
const rifter = { name: 'Rifter', group_id: 25, market_group_id: 64, published: true };
const rifterReference = { kind: 'type', id: 587, fields: rifter, response: rifter, etag: '"a"' } as const;
const refused = { kind: 'type', id: 34, answer: '404 Type not found!', refused: true } as const;
const name = { id: 98_000_001, name: 'Hauling', category: 'corporation' } as const;
const runStart = (run_id: string) => ({ run_id, started_at: noon, host: 'host', process_id: 4_711, version: '1.0.0' });
const runEnd = (run_id: string) => ({ run_id, finished_at: later, outcome: 'complete', exit_code: 0, error: null });
const postponement = {
  contract_id: 3,
  status: 'deferred',
  attempts: 1,
  next_attempt_at: later,
  last_status: 500,
  last_answer: '500 Internal server error',
} as const;
const regionSweep = sweepRow({
  run_id: 'a',
  region_id: forge,
  outcome: 'complete',
  started_at: noon,
  finished_at: later,
});

const staticData = {
  build: 1,
  released_at: noon,
  rows: { ...noStaticRows(), stations: [{ station_id: 60_003_760, system_id: 30_000_142 }] },
};
const price = { type_id: 587, average_price: 5, adjusted_price: null };
const prices = { prices: [price, price], as_of: noon, expires_at: later, etag: '"p"' };
const roll = {
  ...{ item_id: 5, source_type_id: 527, mutator_type_id: 47_701, created_by: 7, fetched_at: noon },
  attributes: [{ attribute_id: 50, value: 20 }],
};
const unknownRoll = { item_id: 6, attempts: 1, next_attempt_at: null, last_answer: '404', is_unknown: true };
const structure = { structure_id: 1_035_466_617_946, name: 'Perimeter', system_id: 30_000_144 };
const evidence = { contract_id: 1, at: noon, status: 404, answer: '404', outcome: null };
const route = { start_system_id: 1, end_system_id: 2, jumps: 3, jumps_secure: null, lowest_security: -1 };

function unitOf(contract_id: number) {
  return {
    run_id: 'a',
    stored_at: noon,
    contract: contractOf(contractRow({ contract_id, type: 'auction' })),
    items: [itemOf(itemRow({ record_id: contract_id }))],
    region_id: forge,
    first_seen_at: noon,
    last_seen_at: noon,
  };
}

/** Never repeated: an interruption rolls everything back. */
const notRepeated = ['vacuum', 'writeInBulk'];

/** The calls of two passes to a store, in order: every operation that writes, and those that influence them. */
const writes: readonly [operation: string, (store: Store) => Promise<unknown>][] = [
  ['openRun', (store) => store.openRun(runStart('a'))],
  ['saveRegionIds', (store) => store.saveRegionIds([forge])],
  ['writeMeta', (store) => store.writeMeta('regions_expire_at', noon)],
  ['recordPage', (store) => store.recordPage(sweepOf(noon, auctions, { run_id: 'a', quarantined }))],
  ['recordSweep', (store) => store.recordSweep(sweepOf(noon, auctions, { run_id: 'a', quarantined }))],
  ['recordRegionSweeps', (store) => store.recordRegionSweeps([regionSweep])],
  ['storeContract', (store) => store.storeContract(unitOf(1))],
  ['storeContract', (store) => store.storeContract(unitOf(2))],
  ['postponeContract', (store) => store.postponeContract(postponement)],
  ['recordBids', (store) => store.recordBids({ ...look, at: noon, bids: [] })],
  ['recordBids', (store) => store.recordBids({ ...look, at: later, bids: [bid] })],
  ['saveReferences', (store) => store.saveReferences([{ ...rifterReference, fetched_at: noon, expires_at: later }])],
  ['extendReference', (store) => store.extendReference('type', 587, '2026-03-03T12:00:00Z')],
  ['postponeReferences', (store) => store.postponeReferences([refused], new Date(noon))],
  ['postponeReferences', (store) => store.postponeReferences([refused], new Date(later))],
  ['saveNames', (store) => store.saveNames([name], noon)],
  ['validators', async ({ validators }) => validators.set('page 1', 'a validator')],
  ['validators', async ({ validators }) => validators.set('page 2', 'a validator')],
  ['validators', async ({ validators }) => validators.delete('page 2')],
  ['saveStaticData', (store) => store.saveStaticData(staticData, noon)],
  ['saveMarketPrices', (store) => store.saveMarketPrices(prices)],
  ['valueContracts', (store) => store.valueContracts()],
  ['saveRoutes', (store) => store.saveRoutes([route])],
  ['enterRolls', (store) => store.enterRolls()],
  ['saveRoll', (store) => store.saveRoll(roll)],
  ['postponeRoll', (store) => store.postponeRoll(unknownRoll)],
  ['replaceStructures', (store) => store.replaceStructures([structure], noon)],
  ['recordEvidence', (store) => store.recordEvidence(evidence)],
  ['analyze', (store) => store.analyze()],
  ['closeRun', (store) => store.closeRun(runEnd('a'))],
  ['openRun', (store) => store.openRun(runStart('b'))],
  ['recordPage', (store) => store.recordPage(sweepOf(later, extended.slice(1), { run_id: 'b' }))],
  ['recordSweep', (store) => store.recordSweep(sweepOf(later, extended.slice(1), { run_id: 'b' }))],
  ['settleDepartures', (store) => store.settleDepartures(settlement)],
  ['recordPage', (store) => store.recordPage(sweepOf(later, auctions, { run_id: 'b' }))],
  ['recordSweep', (store) => store.recordSweep(sweepOf(later, auctions, { run_id: 'b' }))],
  [
    'settleDepartures',
    (store) => store.settleDepartures({ ...settlement, moves: [{ contract_id: 2, region_id: domain }] }),
  ],
  ['saveRolls', (store) => store.saveRolls([{ ...roll, item_id: 9, type_id: 47_702, contract_id: 1 }])],
  [
    'prune',
    async (store) => {
      for await (const _ of store.prune({ gone_before: '2999-01-01T00:00:00Z', keep_sold: false }));
    },
  ],
];

const reads = [
  'ageOfRun',
  'listedRegions',
  'countPrunable',
  'unsettled',
  'dueContracts',
  'countDue',
  'countWaiting',
  'dueAuctions',
  'regions',
  'readMeta',
  'identity',
];
reads.push('departed', 'typesIn', 'missingReferences', 'expiredReferences');
reads.push(
  'hasContracts',
  'systemsOfStations',
  'groupsOf',
  'missingRoutes',
  'starMap',
  'dueRolls',
  'unresolvedContracts',
);

const orders = {
  runs: 'run_id',
  region_sweeps: 'region_id',
  regions: 'region_id',
  meta: 'key',
  contracts: 'contract_id',
  contract_items: 'record_id',
  contract_bids: 'bid_id',
  contract_changes: 'change_id',
  contract_backlog: 'backlog_key',
  types: 'type_id',
  names: 'id',
  http_validators: 'key',
  stations: 'station_id',
  market_prices: 'type_id',
  contract_values: 'contract_id',
  routes: 'start_system_id',
  rolls: 'item_id',
  roll_attributes: 'item_id',
  locations: 'location_id',
  contract_evidence: 'contract_id',
} as const;

/** The contents of a database after all these writes, except for values that always differ. */
async function databaseAfter(backing: Backing, repeat: Repeat): Promise<unknown> {
  const database = await newMigratedDatabase(backing);
  const store = await openRepeating(database, repeat);
  for (const [, write] of writes) await write(store);
  const contents: Record<string, unknown> = {};
  for (const [table, order] of Object.entries(orders)) {
    const rows = await rowsOf(database, table, order);
    contents[table] = rows.filter(({ key }) => key !== 'identity').map(({ change_id: _, ...row }) => row);
  }
  return contents;
}

describe.each(backings)('work that is repeated because its result is unknown, on $name', (backing) => {
  test('leaves the database as if it had been done once', async () => {
    expect(await databaseAfter(backing, twice)).toEqual(await databaseAfter(backing, once));
  });

  test('is any that writes', async () => {
    const store = await openRepeating(await newMigratedDatabase(backing), once);
    const written = Object.keys(store).filter((operation) => ![...reads, ...notRepeated].includes(operation));
    expect(new Set(writes.map(([operation]) => operation))).toEqual(new Set(written));
  });
});
