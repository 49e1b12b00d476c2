import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import BZip2 from 'bzip2-wasm';
import { parse } from 'csv-parse/sync';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { compressed } from '../../src/everef/bzip2.ts';
import { createRandom } from '../fake-esi/random.ts';
import { archiveOf } from '../helpers/archive.ts';
import { backings, newMigratedDatabase, sqlite, type TestDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { contractRow, forge, itemRow } from '../helpers/esi-rows.ts';
import { ids, openMarket } from '../helpers/market.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const environmentOf = ({ url }: TestDatabase) => ({ HANGARBAY_DATABASE_URL: url });
const archivePath = () => join(temporaryFolder(), 'public-contracts.v2.tar.bz2');

async function exported(database: TestDatabase): Promise<string> {
  const path = archivePath();
  expect(await run(['export', 'everef', path], environmentOf(database))).toMatchObject({ code: 0, stderr: '' });
  return path;
}

const library = new BZip2();

/** The first stream as decompressed by bzip2's own library. EVE Ref reads only the first stream, too. */
async function firstStream(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  await library.init();
  return library.decompress(bytes, length);
}

/** The rows of each file, by name. */
async function rowsIn(path: string): Promise<Record<string, Record<string, string>[]>> {
  const tar = await firstStream(readFileSync(path), 2_000_000);
  const files: Record<string, Record<string, string>[]> = {};
  for await (const entry of Readable.from([tar]).pipe(extract() as unknown as NodeJS.ReadWriteStream)) {
    const { header } = entry as unknown as { readonly header: { readonly name: string } };
    const text = (await buffer(entry as unknown as Readable)).toString();
    files[header.name] = header.name === 'meta.json' ? [JSON.parse(text)] : parse(text, { columns: true });
  }
  return files;
}

/** The listed contracts, without fields that archives do not have. */
async function listedIn(database: TestDatabase): Promise<unknown[]> {
  const words = ['--items', '--bids', '--state', 'all', '--limit', '0', '--sort', 'contract_id', '--format', 'ndjson'];
  const ended = await run(['query', ...words], environmentOf(database));
  expect(ended.code).toBe(0);
  const known = ['contract_id', 'type', 'price', 'reward', 'collateral', 'buyout', 'volume', 'issuer_id'];
  return ended.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ gone_at }) => gone_at === null)
    .map((row) => ({
      ...Object.fromEntries(known.map((name) => [name, row[name]])),
      // ESI always sends a title, and CSV does not distinguish an absent one from an empty one.
      title: row.title ?? '',
      ends: [row.date_issued, row.date_expired, row.region_id, row.start_location_id, row.end_location_id],
      items: row.items.map(({ record_id, type_id, quantity, runs }: Record<string, unknown>) => [
        record_id,
        type_id,
        quantity,
        runs,
      ]),
      bids: row.bids?.map(({ bid_id, amount }: Record<string, unknown>) => [bid_id, amount]),
    }));
}

describe('hangarbay export everef', () => {
  it.each(backings)('writes what is listed, and import everef reads it back, on $name', async (backing) => {
    const { database } = await openMarket(backing);
    const path = await exported(database);
    const files = await rowsIn(path);
    expect(Object.keys(files).toSorted()).toEqual([
      'contract_bids.csv',
      'contract_dynamic_items.csv',
      'contract_dynamic_items_dogma_attributes.csv',
      'contract_dynamic_items_dogma_effects.csv',
      'contract_items.csv',
      'contracts.csv',
      'meta.json',
    ]);
    expect(files['contracts.csv']?.map(({ contract_id }) => Number(contract_id))).not.toContain(ids.gone);
    expect(files['contracts.csv']?.[0]).toMatchObject({ contract_id: String(ids.rifter), price: '8200000' });
    expect(Object.keys(files['contracts.csv']?.[0] ?? {})).toHaveLength(21);
    expect(files['meta.json']?.[0]).toMatchObject({ datasource: 'tranquility' });

    const target = await newMigratedDatabase(sqlite);
    expect(await run(['import', 'everef', path], environmentOf(target))).toMatchObject({ code: 0, stderr: '' });
    expect(await listedIn(target)).toEqual(await listedIn(database));
    // The same contents are the same bytes.
    expect(readFileSync(await exported(database)).equals(readFileSync(path))).toBe(true);
  });

  it('has the rolls of mutated modules', async () => {
    const database = await newMigratedDatabase(sqlite);
    const path = archivePath();
    const times = { scrape_start: '2026-03-01T12:00:05Z', scrape_end: '2026-03-01T12:04:10Z' };
    const roll = { item_id: 77, contract_id: 5, mutator_type_id: 47_701, source_type_id: 527, created_by: 91 };
    const attribute = { attribute_id: 54, value: 11_500.25, contract_id: 5, item_id: 77 };
    const given = {
      ...times,
      files: {
        contracts: [{ ...contractRow({ contract_id: 5 }), region_id: forge }],
        contract_items: [{ ...itemRow({ item_id: 77 }), contract_id: 5 }],
        contract_dynamic_items: [roll],
        contract_dynamic_items_dogma_attributes: [attribute],
      },
    };
    writeFileSync(path, await archiveOf(given));
    expect(await run(['import', 'everef', path], environmentOf(database))).toMatchObject({ code: 0 });
    const files = await rowsIn(await exported(database));
    const texts = (row: object) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)]));
    expect(files['contract_dynamic_items.csv']).toMatchObject([texts(roll)]);
    expect(files['contract_dynamic_items_dogma_attributes.csv']).toMatchObject([texts(attribute)]);
  });

  it('writes no archive of a database without contracts', async () => {
    const database = await newMigratedDatabase(sqlite);
    const path = archivePath();
    expect(await run(['export', 'everef', path], environmentOf(database))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('run hangarbay aggregate first'),
    });
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
});

it.each([0, 1, 699_999, 700_000, 700_001, 2_345_678])(
  'bzip2 of %i bytes is one stream, whatever the pieces',
  async (length) => {
    const random = createRandom(length);
    const bytes = Buffer.alloc(length);
    // Long repetitions grow most, and random data shrinks least.
    for (let index = 0; index < length; index += 1) bytes[index] = index % 3_000 < 1_500 ? 97 : random.next() * 256;
    const pieces = [bytes.subarray(0, 10), bytes.subarray(10, 1_000_000), bytes.subarray(1_000_000)];
    const packed = await buffer(Readable.from(compressed(pieces)));
    expect(packed.subarray(0, 4).toString()).toBe('BZh9');
    const whole = await firstStream(packed, length + 10);
    expect(Buffer.compare(whole, bytes)).toBe(0);
  },
);
