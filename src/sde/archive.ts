import { pipeline } from 'node:stream/promises';
import split2 from 'split2';
import type { Entry, ZipFile } from 'yauzl';
import { HangarbayError, messageOf, UsageError } from '../errors.ts';

/**
 * Maximum length of a line. The longest known one has less than 100 KB; input without line breaks must not fill the
 * memory.
 */
const longestLine = 4 * 1024 * 1024;

/** A static data export: a zip of JSON Lines files. */
export interface Archive {
  /**
   * The lines of a file, with their numbers.
   *
   * @throws {UsageError} when the file is missing, or cannot be read to its end
   */
  lines(name: string): AsyncGenerator<{ readonly number: number; readonly value: unknown }>;
  close(): void | Promise<void>;
}

/**
 * @param source the file or URL of the archive, for messages
 * @throws {UsageError} when it is not a zip, or is truncated
 */
export async function openArchive(source: string, opening: Promise<ZipFile>): Promise<Archive> {
  let zip: ZipFile;
  try {
    zip = await opening;
  } catch (error) {
    throw unreadable(source, error);
  }
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  } catch (error) {
    zip.close();
    throw unreadable(source, error);
  }
  return {
    async *lines(name) {
      const file = `${name}.jsonl`;
      const entry = entries.get(file);
      if (entry === undefined)
        throw new UsageError(`${source} is not a static data export in JSON Lines: ${file} is missing`);
      let number = 0;
      try {
        const lines = split2({ maxLength: longestLine });
        const stream = await zip.openReadStreamPromise(entry);
        const ended = pipeline(stream, lines);
        // A read error also ends the loop, which reports it.
        ended.catch(() => {});
        for await (const line of lines as AsyncIterable<string>) {
          number += 1;
          yield { number, value: JSON.parse(line) };
        }
        await ended;
      } catch (error) {
        if (error instanceof HangarbayError) throw error;
        throw new UsageError(`cannot read ${source}: ${file}, line ${number + 1}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    close: () => zip.close(),
  };
}

function unreadable(source: string, error: unknown): Error {
  if (error instanceof HangarbayError) return error;
  return new UsageError(`cannot read ${source} as a zip: ${messageOf(error)}`, { cause: error });
}
