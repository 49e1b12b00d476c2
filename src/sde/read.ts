import { UsageError } from '../errors.ts';
import { noStaticRows, type StaticRows } from '../eve/static-data.ts';
import type { Archive } from './archive.ts';
import { members } from './members.ts';

/** Progress of an import, updated in place. */
export interface ImportProgress {
  file: string;
  lines: number;
}

/**
 * Reads the imported parts of an export. Ignores unknown fields.
 *
 * @param source for messages
 * @throws {UsageError} when a file is missing, empty or truncated, or a line lacks a required field
 */
export async function readExport(
  archive: Archive,
  source: string,
  { progress, signal }: { readonly progress: ImportProgress; readonly signal: AbortSignal },
): Promise<StaticRows> {
  const rows = noStaticRows();
  for (const { name, take } of members()) {
    progress.file = `${name}.jsonl`;
    let isEmpty = true;
    for await (const { number, value } of archive.lines(name)) {
      signal.throwIfAborted();
      const problem = take(value, rows);
      if (problem !== undefined) throw new UsageError(`${source}: ${name}.jsonl, line ${number}: ${problem}`);
      progress.lines += 1;
      isEmpty = false;
    }
    // Its lines would replace the stored rows.
    if (isEmpty) throw new UsageError(`${source}: ${name}.jsonl is empty`);
  }
  return rows;
}
