import SqliteClient from 'better-sqlite3';
import postgres from 'postgres';
import type { DatabaseLocation } from '../src/config.ts';
import { instantAfter } from '../src/time.ts';
import { createRandom, type Random } from '../test/esi/random.ts';

type Value = string | number | boolean | null;
type Row = readonly Value[];

export interface HistorySize {
  readonly listed: number;
  readonly gone: number;
}

const now = new Date();
const day = 86_400_000;
const types = 15_000;
const materials = 20;
const firstShip = 4_000;
const frigates = 60;
const frigateGroup = 2_000;
const firstBlueprint = 4_400;
const blueprints = 6_000;
const regions = 68;
const stations = 400;
const issuers = 8_000;
/** As many new public contracts a day as there are in 2026. */
const newPerDay = 7_000;

const categories: readonly (readonly [id: number, name: string])[] = [
  [4, 'Material'],
  [6, 'Ship'],
  [7, 'Module'],
  [9, 'Blueprint'],
];
/** The lower a type's number here, the more often it is held: two ships and thirty blueprints in a hundred items. */
const categoryOf = (index: number) =>
  index < materials
    ? 4
    : index < firstShip
      ? 7
      : index < firstBlueprint
        ? 6
        : index < firstBlueprint + blueprints
          ? 9
          : 7;
const typeId = (index: number) => 500 + index;
const nameOf = (index: number) =>
  ({ 0: 'Tritanium', [firstShip]: 'Rifter', [firstBlueprint]: 'Rifter Blueprint' })[index] ?? `Type number ${index}`;

/** Fills a migrated, empty database: listed contracts of the last 28 days among those that are gone. */
export async function fillHistory(location: DatabaseLocation, { listed, gone }: HistorySize): Promise<void> {
  const target = location.dialect === 'sqlite' ? sqliteTarget(location.path) : postgresTarget(location.url);
  for (const [table, rows] of Object.entries(universe()))
    await target.insert(table, Object.keys(rows[0] ?? {}), rows.map(Object.values));
  const random = createRandom(1);
  const total = listed + gone;
  const recent = Math.min(total, Math.max(listed, 28 * newPerDay));
  let record = 5_000_000_000;
  let contracts: Row[] = [];
  let items: Row[] = [];
  for (let index = 0; index < total; index += 1) {
    const isListed = index >= total - recent && random.chance(listed / recent);
    const contract_id = 230_000_000 + index;
    const held = drawItems(random);
    contracts.push(drawContract(contract_id, total - index, isListed, held, random));
    for (const item of held) items.push([contract_id, record++, ...item]);
    if (contracts.length < 20_000 && index < total - 1) continue;
    await target.insert('contracts', contractColumns, contracts);
    await target.insert('contract_items', itemColumns, items);
    contracts = [];
    items = [];
  }
  await target.finish();
}

const contractColumns =
  'contract_id region_id type title title_folded price reward collateral volume days_to_complete for_corporation date_issued date_expired issuer_id issuer_corporation_id start_location_id end_location_id item_count asked_item_count sole_type_id sole_quantity first_seen_at last_seen_at gone_at outcome'.split(
    ' ',
  );
const itemColumns =
  'contract_id record_id type_id quantity is_included is_blueprint_copy material_efficiency time_efficiency runs'.split(
    ' ',
  );

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

function drawContract(
  contract_id: number,
  age: number,
  isListed: boolean,
  items: readonly Item[],
  random: Random,
): Row {
  const issued = -(age / newPerDay) * day;
  const expired = Math.max(issued + 28 * day, isListed ? day : issued);
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
    10_000_001 + Math.floor(random.next() ** 4 * regions),
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
    98_000_000 + random.integer(0, 1_999),
    start,
    type === 'courier' ? 60_000_000 + random.integer(0, stations - 1) : start,
    items.length,
    items.length - offered.length,
    isSole ? first[0] : null,
    isSole ? offered.reduce((sum, [, quantity]) => sum + quantity, 0) : null,
    seen,
    instantAfter(now, isListed ? 0 : issued + 7 * day),
    isListed ? null : instantAfter(now, Math.min(0, issued + 7 * day)),
    isListed ? null : 'unknown',
  ];
}

/** Types with groups and market groups, regions, stations, issuers. */
function universe(): Record<string, Record<string, Value>[]> {
  const list = (length: number, row: (index: number) => Record<string, Value>) =>
    Array.from({ length }, (_, index) => row(index));
  const fetched = { fetched_at: instantAfter(now, -day) };
  // As long as ESI's answers are on average.
  const response = JSON.stringify({ description: 'x'.repeat(1_500) });
  return {
    categories: categories.map(([category_id, name]) => ({ category_id, name, ...fetched })),
    groups: list(400, (index) => ({
      group_id: index,
      category_id: categoryOf((index % 100) * (types / 100)),
      name: `Group ${index}`,
      ...fetched,
    })).concat(
      categories.map(([category_id, name]) => ({
        group_id: 1_000 + category_id,
        category_id,
        name: `All of ${name}`,
        ...fetched,
      })),
      [{ group_id: frigateGroup, category_id: 6, name: 'Frigate', ...fetched }],
    ),
    types: list(types, (index) => ({
      type_id: typeId(index),
      group_id: index >= firstShip && index < firstShip + frigates ? frigateGroup : 1_000 + categoryOf(index),
      market_group_id: index % 2_000,
      published: true,
      name: nameOf(index),
      response,
      ...fetched,
    })),
    market_groups: list(2_000, (index) => ({
      market_group_id: index,
      parent_group_id: index < 20 ? null : Math.floor(index / 10),
      name: `Market group ${index}`,
      ...fetched,
    })),
    regions: list(regions, (index) => ({
      region_id: 10_000_001 + index,
      name: index === 0 ? 'The Forge' : `Region ${index}`,
      response: JSON.stringify({ constellations: [20_000_000 + index] }),
      ...fetched,
    })),
    systems: list(stations, (index) => ({
      system_id: 30_000_000 + index,
      constellation_id: 20_000_000 + (index % regions),
      name: index === 0 ? 'Jita' : `System ${index}`,
      ...fetched,
    })),
    locations: list(stations, (index) => ({
      location_id: 60_000_000 + index,
      system_id: 30_000_000 + index,
      name: `Station ${index}`,
      ...fetched,
    })),
    names: [
      ...list(issuers, (index) => ({
        id: 90_000_000 + index,
        category: 'character',
        name: `Issuer ${index}`,
        ...fetched,
      })),
      ...list(2_000, (index) => ({
        id: 98_000_000 + index,
        category: 'corporation',
        name: `Corp ${index}`,
        ...fetched,
      })),
    ],
    runs: list(5_000, (index) => ({
      run_id: `run-${String(index).padStart(5, '0')}`,
      started_at: instantAfter(now, -index * 1_800_000),
      outcome: 'complete',
      host: 'bench',
      process_id: 1,
      version: '0',
    })),
  };
}

interface Target {
  insert(table: string, columns: readonly string[], rows: readonly Row[]): Promise<void>;
  finish(): Promise<void>;
}

function sqliteTarget(path: string): Target {
  const client = new SqliteClient(path);
  client.pragma('synchronous = OFF');
  return {
    async insert(table, columns, rows) {
      const values = columns.map(() => '?').join(', ');
      const statement = client.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`);
      client.transaction(() => {
        for (const row of rows) statement.run(row.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
      })();
    },
    async finish() {
      client.pragma('analysis_limit = 1000');
      client.exec('ANALYZE');
      client.pragma('wal_checkpoint(TRUNCATE)');
      client.close();
    },
  };
}

function postgresTarget(url: string): Target {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const field = (value: Value) => (value === null ? '\\N' : String(value).replaceAll(/[\\\t\n]/g, ' '));
  return {
    async insert(table, columns, rows) {
      const stream = await client.unsafe(`COPY ${table} (${columns.join(', ')}) FROM STDIN`).writable();
      const done = new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject));
      for (let start = 0; start < rows.length; start += 1_000) {
        stream.write(
          `${rows
            .slice(start, start + 1_000)
            .map((row) => row.map(field).join('\t'))
            .join('\n')}\n`,
        );
      }
      stream.end();
      await done;
    },
    async finish() {
      await client`VACUUM ANALYZE`;
      await client.end();
    },
  };
}
