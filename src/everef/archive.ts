import { pipeline, type Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { extract } from 'tar-stream';
import bunzip from 'unbzip2-stream';
import * as z from 'zod';
import { messageOf, UsageError } from '../errors.ts';
import { type Instant, toInstant } from '../time.ts';
import { attributeRow, bidRow, type Cells, contractRow, idIn, itemRow, rollRow } from './rows.ts';

/** The contents of an archive in the form of ESI's answers, unchecked. */
export interface Archive {
  readonly scrape_start: Instant;
  readonly scrape_end: Instant;
  /** By region. */
  readonly contracts: ReadonlyMap<number, unknown[]>;
  /** By contract, like the following. */
  readonly items: ReadonlyMap<number, unknown[]>;
  readonly bids: ReadonlyMap<number, unknown[]>;
  readonly rolls: ReadonlyMap<number, unknown[]>;
  /** By item. */
  readonly attributes: ReadonlyMap<number, unknown[]>;
  /** Rows without the id of a contract or a region. */
  readonly unusable: number;
}

const metaSchema = z.object({ scrape_start: z.iso.datetime(), scrape_end: z.iso.datetime() });

/**
 * Maximum length of a record. Titles have at most 50 characters; input without line breaks must not fill the memory.
 */
const longestRecord = 1024 * 1024;

/** Reading is synchronous, so it pauses for signals. */
const recordsBetweenTurns = 1_000;

/** The key and the format of the rows of each file. */
const files: ReadonlyMap<
  string,
  { readonly key: string; readonly into: keyof Groups; readonly row: (cells: Cells) => unknown }
> = new Map([
  ['contracts.csv', { key: 'region_id', into: 'contracts', row: contractRow }],
  ['contract_items.csv', { key: 'contract_id', into: 'items', row: itemRow }],
  ['contract_bids.csv', { key: 'contract_id', into: 'bids', row: bidRow }],
  ['contract_dynamic_items.csv', { key: 'contract_id', into: 'rolls', row: rollRow }],
  ['contract_dynamic_items_dogma_attributes.csv', { key: 'item_id', into: 'attributes', row: attributeRow }],
]);

type Groups = Record<'contracts' | 'items' | 'bids' | 'rolls' | 'attributes', Map<number, unknown[]>>;

/**
 * Reads a public-contracts archive of EVE Ref: a bzip2-compressed tar of CSV files, in any order (docs.everef.net). It
 * has one scrape of all contracts, some tens of megabytes, and is read into memory.
 *
 * @param source the file or URL, for messages
 * @param open called when reading begins
 * @throws {UsageError} when the file is truncated, damaged, or not such an archive
 */
export async function readArchive(source: string, open: () => Readable, signal: AbortSignal): Promise<Archive> {
  const groups: Groups = {
    contracts: new Map(),
    items: new Map(),
    bids: new Map(),
    rolls: new Map(),
    attributes: new Map(),
  };
  let meta: unknown;
  let unusable = 0;
  let records = 0;
  const seen = new Set<string>();
  try {
    // These streams are not Node's own, but Node can read them.
    const entries = pipeline(open(), bunzip(), extract(), () => {});
    for await (const entry of entries) {
      signal.throwIfAborted();
      const name = entry.header.name.replace(/^\.\//, '');
      const file = files.get(name);
      seen.add(name);
      if (name === 'meta.json') meta = await json(entry as unknown as Readable);
      else if (file === undefined) entry.resume();
      else
        for await (const cells of recordsIn(entry as unknown as Readable, name)) {
          if (!keep(cells, groups[file.into], file)) unusable += 1;
          records += 1;
          if (records % recordsBetweenTurns === 0) await setImmediate();
          signal.throwIfAborted();
        }
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new UsageError(`cannot read ${source} to its end: ${messageOf(error)}; nothing of it was stored`, {
      cause: error,
    });
  }
  const times = metaSchema.safeParse(meta);
  if (!times.success || !seen.has('contracts.csv')) {
    throw new UsageError(`${source} is not an archive of public contracts: meta.json or contracts.csv is missing`);
  }
  // All stored contracts would be marked as gone.
  if (groups.contracts.size === 0) {
    throw new UsageError(`${source}: contracts.csv has no contracts; nothing of it was stored`);
  }
  const { scrape_start, scrape_end } = times.data;
  return {
    scrape_start: toInstant(new Date(scrape_start)),
    scrape_end: toInstant(new Date(scrape_end)),
    ...groups,
    unusable,
  };
}

function recordsIn(entry: Readable, name: string): AsyncIterable<Cells> {
  const key = files.get(name)?.key ?? '';
  const columns = (header: string[]) => {
    const missing = [key, 'contract_id'].find((column) => !header.includes(column));
    if (missing !== undefined) throw new Error(`${name} lacks the column ${missing}`);
    return header;
  };
  return pipeline(
    entry,
    parse({ columns, bom: true, relax_column_count: true, max_record_size: longestRecord }),
    () => {},
  );
}

function keep(
  cells: Cells,
  group: Map<number, unknown[]>,
  { key, row }: { readonly key: string; readonly row: (cells: Cells) => unknown },
): boolean {
  const id = idIn(cells, key);
  if (id === undefined) return false;
  const rows = group.get(id);
  if (rows === undefined) group.set(id, [row(cells)]);
  else rows.push(row(cells));
  return true;
}
