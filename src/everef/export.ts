import { pipeline, type Readable, Readable as Streams } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { stringify } from 'csv-stringify';
import { type SQL, sql } from 'drizzle-orm';
import { pack } from 'tar-stream';
import { UsageError } from '../errors.ts';
import type { Reader } from '../store/reader.ts';
import { compressed } from './bzip2.ts';

/** Progress of an export. */
export interface ArchiveExport {
  file: string;
  rows: number;
}

interface ArchiveFile {
  readonly name: string;
  /** In the order of EVE Ref's files of 2026; unknown values are empty. */
  readonly columns: readonly string[];
  readonly rows: SQL;
}

const sizes = { first: 500, largest: 2_000 };

const listed = sql`JOIN contracts ON contracts.contract_id = of.contract_id AND contracts.gone_at IS NULL`;

const files: readonly ArchiveFile[] = [
  {
    name: 'contracts.csv',
    columns: [
      ...['collateral', 'contract_id', 'date_expired', 'date_issued', 'days_to_complete', 'end_location_id'],
      ...['issuer_corporation_id', 'issuer_id', 'price', 'reward', 'start_location_id', 'title', 'type', 'volume'],
      ...[
        'http_last_modified',
        'region_id',
        'station_id',
        'system_id',
        'constellation_id',
        'for_corporation',
        'buyout',
      ],
    ],
    rows: sql`
      SELECT of.*, locations.system_id, systems.constellation_id,
        CASE WHEN of.start_location_id < 100000000 THEN of.start_location_id END AS station_id
      FROM contracts AS of
      LEFT JOIN locations ON locations.location_id = of.start_location_id
      LEFT JOIN systems ON systems.system_id = locations.system_id
      WHERE of.gone_at IS NULL ORDER BY of.contract_id`,
  },
  {
    name: 'contract_items.csv',
    columns: [
      ...['is_blueprint_copy', 'is_included', 'item_id', 'material_efficiency', 'quantity', 'record_id', 'runs'],
      ...['time_efficiency', 'type_id', 'http_last_modified', 'contract_id'],
    ],
    rows: sql`SELECT of.* FROM contract_items AS of ${listed} ORDER BY of.contract_id, of.record_id`,
  },
  {
    name: 'contract_bids.csv',
    columns: ['amount', 'bid_id', 'date_bid', 'http_last_modified', 'contract_id'],
    rows: sql`SELECT of.* FROM contract_bids AS of ${listed} ORDER BY of.contract_id, of.bid_id`,
  },
  {
    name: 'contract_dynamic_items.csv',
    columns: ['created_by', 'mutator_type_id', 'source_type_id', 'item_id', 'contract_id', 'http_last_modified'],
    rows: sql`SELECT of.* FROM rolls AS of ${listed} WHERE of.fetched_at IS NOT NULL ORDER BY of.contract_id, of.item_id`,
  },
  {
    name: 'contract_dynamic_items_dogma_attributes.csv',
    columns: ['attribute_id', 'value', 'contract_id', 'item_id', 'http_last_modified'],
    rows: sql`
      SELECT roll_attributes.*, of.contract_id
      FROM rolls AS of ${listed} JOIN roll_attributes ON roll_attributes.item_id = of.item_id
      WHERE of.fetched_at IS NOT NULL ORDER BY of.contract_id, of.item_id, roll_attributes.attribute_id`,
  },
  {
    // Effects are not stored.
    name: 'contract_dynamic_items_dogma_effects.csv',
    columns: ['effect_id', 'is_default', 'contract_id', 'item_id', 'http_last_modified'],
    rows: sql`SELECT contract_id FROM contracts WHERE 1 = 0`,
  },
];

/**
 * The bytes of an archive in EVE Ref's layout: a bzip2-compressed tar of the listed contracts and all their rows. Its
 * start and end times are the earliest and latest times at which these contracts were last seen.
 *
 * @param reader a snapshot of the database
 * @throws {UsageError} when no contract is listed
 */
export async function* archiveBytes(reader: Reader, progress: ArchiveExport): AsyncGenerator<Uint8Array> {
  const times = await timesOf(reader);
  const tar = pack();
  const filled = fill();
  // Errors of a file are reported to the reader of the tar, also before it reads.
  tar.on('error', () => {});
  filled.catch((error: Error) => tar.destroy(error));
  yield* compressed(tar as unknown as Readable);
  await filled;

  async function fill(): Promise<void> {
    await add('meta.json', Buffer.from(JSON.stringify(times)));
    // A tar has each file's size before its contents, so each file is built as a whole.
    for (const file of files) {
      progress.file = file.name;
      await add(file.name, await buffer(csvOf(file)));
    }
    tar.finalize();
  }

  function add(name: string, bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const header = { name, mtime: new Date(times.scrape_end) };
      tar.entry(header, bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  function csvOf({ columns, rows }: ArchiveFile): Readable {
    const cast = { boolean: String };
    const lines = stringify({ header: true, columns: [...columns], cast });
    return pipeline(Streams.from(valuesOf(columns, rows)), lines, () => {});
  }

  async function* valuesOf(columns: readonly string[], rows: SQL): AsyncGenerator<unknown[]> {
    const isBoolean = columns.map((name) => booleans.has(name));
    for await (const batch of reader.batches<Record<string, unknown>>(rows, sizes)) {
      progress.rows += batch.length;
      for (const row of batch) {
        // SQLite stores booleans as numbers.
        yield columns.map((name, index) => (isBoolean[index] && row[name] !== null ? Boolean(row[name]) : row[name]));
      }
    }
  }
}

const booleans = new Set(['is_blueprint_copy', 'is_included', 'for_corporation']);

async function timesOf(reader: Reader) {
  const [seen] = await reader.all<{ first: string | null; last: string | null }>(
    sql`SELECT min(last_seen_at) AS first, max(last_seen_at) AS last FROM contracts WHERE gone_at IS NULL`,
  );
  if (seen === undefined || seen.first === null || seen.last === null) {
    throw new UsageError('the database has no listed contracts; run hangarbay aggregate first');
  }
  return { datasource: 'tranquility', scrape_start: seen.first, scrape_end: seen.last };
}
