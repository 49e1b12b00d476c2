import { open } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, type SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { replaceLargeFile } from '../files.ts';
import type { TableShape } from '../store/bulk/tables.ts';
import type { ValueKind } from '../store/script.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows per group: a group is held in memory by writers and readers. */
const rowGroupSize = 50_000;

/** Key of the state in a file's metadata. */
const metadataKey = 'hangarbay';

/** The state of the database from which a file was written. */
export interface FileState {
  /** The identity of the database. */
  readonly identity: string;
  /** Changes whenever the file's rows change. */
  readonly state: string;
}

/**
 * Replaces a Parquet file atomically.
 *
 * @returns the number of its rows
 */
export async function writeParquet(
  path: string,
  table: TableShape,
  batches: AsyncIterable<readonly Row[]>,
  state: FileState,
): Promise<number> {
  let rows = 0;
  await replaceLargeFile(path, async (unfinished) => {
    const writer = new ParquetWriter({
      writer: fileWriter(unfinished),
      schema: schemaOf(table),
      codec: 'GZIP',
      compressors: { GZIP: (bytes) => gzipSync(bytes, { level: 4 }) },
      createdBy: 'hangarbay',
      kvMetadata: [{ key: metadataKey, value: JSON.stringify(state) }],
    });
    const columns = Object.entries(table.columns).map(([name, kind]) => ({ name, convert: converters[kind] }));
    let group = columns.map((): unknown[] => []);
    let grouped = 0;
    const writeGroup = () => {
      const columnData = columns.map(({ name }, index) => ({ name, data: group[index] ?? [] }));
      writer.write({ columnData, rowGroupSize });
      group = columns.map(() => []);
      rows += grouped;
      grouped = 0;
    };
    for await (const batch of batches) {
      for (const [index, { name, convert }] of columns.entries()) {
        const values = group[index];
        for (const row of batch) {
          const value = row[name];
          values?.push(value === null ? null : convert(value));
        }
      }
      grouped += batch.length;
      if (grouped >= rowGroupSize) writeGroup();
    }
    if (grouped > 0) writeGroup();
    writer.finish();
    await flush(unfinished);
  });
  return rows;
}

/**
 * @returns the state in a Parquet file; undefined if this program did not write it
 * @throws when the file is unreadable
 */
export async function readState(path: string): Promise<FileState | undefined> {
  const facts = await metadataIn(path);
  const value = facts.find(({ key }) => key === metadataKey)?.value;
  return value === undefined ? undefined : JSON.parse(value);
}

async function metadataIn(path: string) {
  try {
    const { key_value_metadata: facts = [] } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return facts;
  } catch (error) {
    // System errors have a `syscall`; all others mean that the file is not Parquet.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    return [];
  }
}

const elements: Readonly<Record<ValueKind, Partial<SchemaElement>>> = {
  id: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  isk: { type: 'DOUBLE' },
  real: { type: 'DOUBLE' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
};

/** Converters from a store reader's values to those of the writer. */
const converters: Readonly<Record<ValueKind, (value: unknown) => unknown>> = {
  id: (value) => BigInt(value as number),
  boolean: (value) => Boolean(value),
  isk: (value) => value,
  real: (value) => value,
  text: (value) => value,
  json: (value) => value,
  instant: (value) => Date.parse(value as string),
};

function schemaOf({ columns, key }: TableShape): SchemaElement[] {
  const fields = Object.entries(columns).map(([name, kind]): SchemaElement => {
    const repetition = key.includes(name) ? 'REQUIRED' : 'OPTIONAL';
    return { name, repetition_type: repetition, ...elements[kind] } as SchemaElement;
  });
  return [{ name: 'hangarbay', num_children: fields.length } as SchemaElement, ...fields];
}

/** A power failure after the rename must not leave a file without its contents. */
async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
