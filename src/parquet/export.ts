import { existsSync, globSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SQL } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import { makeFolder } from '../files.ts';
import { allRowsOf, identityOf } from '../store/bulk/source.ts';
import type { TableShape } from '../store/bulk/tables.ts';
import type { Reader } from '../store/reader.ts';
import { readState, writeParquet } from './file.ts';
import { monthsOf, select, stateOf } from './months.ts';
import { monthlyTables, wholeTables } from './tables.ts';

/** Progress of an export. */
export interface ParquetProgress {
  /** The folder of the current file. */
  folder: string;
  /** Rows of all files. */
  rows: number;
}

export interface ParquetSummary {
  files_written: number;
  /** Files of unchanged months. */
  files_unchanged: number;
  /** Files of months that are no longer in the database. */
  files_removed: number;
  rows: number;
  /** Total size of the written files. */
  bytes: number;
}

interface ParquetExport {
  readonly reader: Reader;
  readonly folder: string;
  readonly progress: ParquetProgress;
  readonly signal: AbortSignal;
}

const day = 24 * 3_600_000;
const sizes = { first: 500, largest: 2_000 };

/**
 * Writes a folder of Parquet files: one folder per table with a folder `issued_month=YYYY-MM` per month of issue. Files
 * of months that have not changed since the last export are kept; tables of reference data, which have no months, are
 * always written. Each file appears when it is complete.
 *
 * @throws {UsageError} when the folder has files of another database, or of another program
 */
export async function exportParquet({ reader, folder, progress, signal }: ParquetExport): Promise<ParquetSummary> {
  const summary: ParquetSummary = { files_written: 0, files_unchanged: 0, files_removed: 0, rows: 0, bytes: 0 };
  const identity = await identityOf(reader);
  const before = await statesIn(folder, identity);
  makeFolder(folder);
  removeAbandoned(folder);

  async function write(file: string, table: TableShape, state: string, rows: SQL) {
    const path = join(folder, file);
    progress.folder = dirname(file);
    const batches = counted(reader.batches<Record<string, unknown>>(rows, sizes), progress, signal);
    summary.rows += await writeParquet(path, table, batches, { identity, state });
    summary.files_written += 1;
    summary.bytes += statSync(path).size;
  }

  const months = await monthsOf(reader);
  for (const table of monthlyTables) {
    for (const month of months) {
      const state = await stateOf(reader, table, month);
      if (state === undefined) continue;
      const file = join(table.name, `issued_month=${month.month}`, `${table.name}.parquet`);
      const isUnchanged = before.get(file) === state;
      before.delete(file);
      if (isUnchanged) summary.files_unchanged += 1;
      else await write(file, table, state, select(table, month));
    }
  }
  for (const table of wholeTables) {
    const file = join(table.name, `${table.name}.parquet`);
    before.delete(file);
    await write(file, table, reader.now, allRowsOf(table));
  }
  for (const file of before.keys()) {
    rmSync(join(folder, file));
    rmdirSync(dirname(join(folder, file)));
    summary.files_removed += 1;
  }
  return summary;
}

/** The state of each existing file, by its path in the folder. */
async function statesIn(folder: string, identity: string): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  if (!existsSync(folder)) return states;
  for (const file of globSync('*/{*.parquet,issued_month=*/*.parquet}', { cwd: folder })) {
    const found = await readState(join(folder, file));
    if (found === undefined) {
      throw new UsageError(`${join(folder, file)} was not written by hangarbay and is kept; use a separate folder`);
    }
    if (found.identity !== identity) {
      throw new UsageError(`${folder} has files of another database; use a separate folder`);
    }
    states.set(file, found.state);
  }
  return states;
}

/** Removes hidden files of killed exports. */
function removeAbandoned(folder: string): void {
  for (const file of globSync('*/{.*.new,issued_month=*/.*.new}', { cwd: folder })) {
    const path = join(folder, file);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    // Another export may be writing a more recent one.
    if (age > day) rmSync(path, { force: true });
  }
}

async function* counted<Row>(batches: AsyncIterable<Row[]>, progress: ParquetProgress, signal: AbortSignal) {
  for await (const batch of batches) {
    signal.throwIfAborted();
    progress.rows += batch.length;
    yield batch;
  }
}
