import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { HangarbayError, messageOf, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { makeFolder, readTextIfThere, replaceFile } from '../files.ts';
import { stateFolder } from '../folders.ts';
import type { Log } from '../log.ts';
import type { Reader } from '../store/store.ts';
import type { Instant } from '../time.ts';
import { keyAtLimit } from './run.ts';
import type { Question } from './source.ts';

/** Where a reader of a stream stopped: `--since last`, or `--since last:NAME`. */
export interface Bookmark {
  /** The question from there on. */
  readonly question: Question;
  /** Moves the bookmark behind the answer; to be called once the answer has been written to its last byte. */
  remember(): void;
}

/**
 * Opens the bookmark that a question names, if it names one. The first time there is none: it then stands at the end of
 * the stream, so that nothing old is told. Bookmarks are small files, one a database and name, since questions never
 * write to the database.
 *
 * @throws {UsageError} when the question is not in the order of the stream
 */
export async function openBookmark(
  question: Question,
  reader: Reader,
  now: Instant,
  log: Log,
): Promise<Bookmark | undefined> {
  const name = nameIn(question);
  const { stream } = question.subject;
  if (stream === undefined || name === undefined) return undefined;
  const folder = stateFolder();
  const [newest] = await reader.all<{ cursor: number }>(stream.newest);
  const end = newest?.cursor ?? 0;
  const [identity] = await reader.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'identity'`);
  // The first pass gives a database its identity; before it nothing can have happened.
  const path = identity && join(folder, `${question.subject.name}-${identity.value}${name}.json`);
  if (path !== undefined) prepare(folder);

  const remembered = path === undefined ? undefined : readCursor(path);
  if (remembered === undefined) log.info('nothing is remembered yet: the next call tells what happens from now on');
  const isAhead = remembered !== undefined && remembered > end;
  if (isAhead) {
    log.warn(
      `${path} remembers ${remembered}, and the database has nothing newer than ${end}: it was restored from an older ` +
        'copy. What happens from now on will be told.',
    );
  }
  const start = isAhead ? end : (remembered ?? end);
  const followed = { ...question, filters: { ...question.filters, since: [String(start)] } };
  const lastTold = await keyAtLimit(followed, reader, now);
  return {
    question: followed,
    remember: () => path !== undefined && writeCursor(path, lastTold ?? end),
  };
}

/** What the name adds to the file's name: nothing for `last`; undefined when the question names no bookmark. */
function nameIn({ filters, sort, descending, offset }: Question): string | undefined {
  const typed = (filters.since ?? []).map((text) => text.trim()).find((text) => /^last(:|$)/i.test(text));
  if (typed === undefined || filters.since?.length !== 1) return undefined;
  if (sort !== undefined || descending || offset > 0) {
    throw new UsageError('--since last goes on where it ended, so it takes no --sort, --desc or --offset');
  }
  const name = typed.slice('last:'.length);
  if (typed.length > 'last'.length && !/^[\w-]{1,64}$/.test(name)) {
    throw new UsageError(`--since: "${name}" is no name of letters, digits, _ and -; for example --since last:discord`);
  }
  return name === '' ? '' : `.${name}`;
}

/** Before anything is told: what cannot be remembered would be told again. */
function prepare(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw failure(`cannot make the folder ${folder} for --since last: ${messageOf(error)}`, error);
  }
}

function readCursor(path: string): number | undefined {
  let text: string | undefined;
  try {
    text = readTextIfThere(path);
  } catch (error) {
    throw failure(`cannot read ${path}: ${messageOf(error)}`, error);
  }
  if (text === undefined) return undefined;
  const [, cursor] = /^\s*\{\s*"cursor"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(text) ?? [];
  if (cursor === undefined) {
    throw failure(`${path} holds no {"cursor": NUMBER}; mend it, or remove it to begin from now`);
  }
  return Number(cursor);
}

function writeCursor(path: string, cursor: number): void {
  try {
    replaceFile(path, `${JSON.stringify({ cursor })}\n`);
  } catch (error) {
    throw failure(`cannot write ${path}, so the next call will tell the same again: ${messageOf(error)}`, error);
  }
}

function failure(message: string, cause?: unknown): HangarbayError {
  return new HangarbayError(message, exitCodes.failure, { cause });
}
