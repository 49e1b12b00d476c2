import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import split2 from 'split2';
import type * as z from 'zod';
import { messageOf, UsageError } from '../errors.ts';
import { endSchema, type Header, headerSchema, tableSchema } from './format.ts';

/**
 * Maximum length of a line. A row has at most one object of ESI; input without line breaks must not fill the memory.
 */
const longestLine = 16 * 1024 * 1024;

export type DumpPart =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'table'; readonly name: string }
  | { readonly kind: 'row'; readonly values: readonly unknown[] };

/**
 * The parts of a dump. The dump is complete and unaltered only if this ends without an error, because the checksum is
 * the last line.
 *
 * @param source the file, for messages
 * @param open called when the first part is requested, so that errors of the file are handled
 * @throws {UsageError} when the file is not a dump, or is truncated or altered
 */
export async function* readDump(source: string, open: () => Readable, signal: AbortSignal): AsyncGenerator<DumpPart> {
  const bad = (problem: string, cause?: unknown) =>
    new UsageError(`${source}: ${problem}; nothing was changed`, { cause });
  const lines = pipeline(open(), createGunzip(), split2({ maxLength: longestLine }), () => {});
  const hash = createHash('sha256');
  const rows: Record<string, number> = {};
  let table: string | undefined;
  let number = 0;
  let isWhole = false;
  try {
    for await (const text of lines as AsyncIterable<string>) {
      signal.throwIfAborted();
      number += 1;
      if (isWhole) throw bad(`line ${number}: data after the end`);
      const value = parsed(text);
      if (number === 1) {
        yield { kind: 'header', header: checked(headerSchema, value, () => bad('not a hangarbay dump')) };
      } else if (Array.isArray(value)) {
        if (table === undefined) throw bad(`line ${number}: a row before its table`);
        rows[table] = (rows[table] ?? 0) + 1;
        yield { kind: 'row', values: value };
      } else if (endSchema.safeParse(value).success) {
        const end = endSchema.parse(value);
        if (end.sha256 !== hash.digest('hex')) throw bad('the file was altered: wrong checksum');
        const isComplete = Object.entries(end.rows).every(([name, count]) => rows[name] === count);
        if (!isComplete) throw bad('the file was altered: rows are missing');
        isWhole = true;
        continue;
      } else {
        table = checked(tableSchema, value, () => bad(`line ${number} is malformed`)).table;
        rows[table] = 0;
        yield { kind: 'table', name: table };
      }
      hash.update(`${text}\n`);
    }
  } catch (error) {
    if (error instanceof UsageError || signal.aborted) throw error;
    throw bad(readingProblem(error), error);
  }
  if (!isWhole) throw bad('the file is truncated');
}

/** Explains the terse messages of zlib. */
function readingProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'the file is truncated';
  if (code?.startsWith('Z_') === true) return `the file is damaged, or not gzip (${messageOf(error)})`;
  return `cannot read the file (${messageOf(error)})`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked<Value>(schema: z.ZodType<Value>, value: unknown, failure: () => UsageError): Value {
  const result = schema.safeParse(value);
  if (!result.success) throw failure();
  return result.data;
}
