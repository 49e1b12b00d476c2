import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import BZip2 from 'bzip2-wasm';
import { stringify } from 'csv-stringify/sync';
import { pack } from 'tar-stream';
import type { Row } from './esi-rows.ts';

export interface GivenArchive {
  readonly scrape_start: string;
  readonly scrape_end: string;
  /** Rows of CSV files by their names without the ending; a file without rows is empty. */
  readonly files: Readonly<Record<string, readonly Row[]>>;
}

const bzip2 = new BZip2();

/** An archive as EVE Ref makes it: the header of a file has the columns that its rows have, in the order they are seen. */
export async function archiveOf({ files, ...times }: GivenArchive): Promise<Uint8Array> {
  const texts: [name: string, text: string][] = [
    ['meta.json', JSON.stringify({ datasource: 'tranquility', ...times })],
    ...Object.entries(files).map(([name, rows]): [string, string] => [`${name}.csv`, csvOf(rows)]),
  ];
  return tarOf(texts);
}

/** A tar of files, in bzip2. */
export async function tarOf(texts: readonly (readonly [name: string, text: string])[]): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, text] of texts) tar.entry({ name }, text);
  tar.finalize();
  const bytes = await buffer(tar as unknown as Readable);
  await bzip2.init();
  return bzip2.compress(bytes, 9, bytes.length + 10_000);
}

function csvOf(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify([...rows], { header: true, columns, cast: { boolean: String } });
}
