import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { HangarbayError, LockedError, messageOf, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { makeFolder, readTextIfThere, replaceFile } from '../../files.ts';
import { stateFolder } from '../../folders.ts';
import type { Log } from '../../log.ts';
import type { Question, ResolvedQuestion } from '../../query/engine/resolve.ts';
import { keyAtLimit } from '../../query/engine/run.ts';
import type { Reader } from '../../store/reader.ts';
import type { Lock } from '../../store/sqlite/lock.ts';

/** Where a reader of a stream stopped: `--since last`, or `--since last:NAME`. */
export interface Bookmark {
  /** The question from there on. */
  readonly question: Question;
  /** Where the bookmark is to stand behind the answer of that question. */
  endOf(question: ResolvedQuestion): Promise<number>;
  /** Moves the bookmark; to be called once the answer has been written to its last byte. */
  remember(end: number): void;
  /** Lets another reader of this name have its turn. */
  release(): void;
}

/** How long another reader of the same name is waited for. */
const patienceMilliseconds = 30_000;

/**
 * Opens the bookmark that a question names, if it names one. The first time there is none: it then stands at the end of
 * the stream, so that nothing old is told. Bookmarks are small files, one a database and name, since questions never
 * write to the database.
 *
 * @throws {UsageError} when the question is not in the order of the stream
 */
export async function openBookmark(question: Question, reader: Reader, log: Log): Promise<Bookmark | undefined> {
  const name = nameIn(question);
  const { stream } = question.subject;
  if (stream === undefined || name === undefined) return undefined;
  const folder = stateFolder();
  const [newest] = await reader.all<{ cursor: number }>(stream.newest);
  const end = newest?.cursor ?? 0;
  const [identity] = await reader.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'identity'`);
  const path = join(folder, `${question.subject.name}-${identity?.value ?? 'unknown'}${name}.json`);
  prepare(folder);
  const { lock, hasWaited } = await lockOf(path);
  try {
    const remembered = readCursor(path);
    if (remembered === undefined) log.info('nothing is remembered yet: the next call tells what happens from now on');
    const isAhead = remembered !== undefined && remembered > end;
    // Who has waited for another reader may see less than that one has told: then there is nothing to tell.
    if (isAhead && !hasWaited) {
      log.warn(
        `${path} remembers ${remembered}, and the database has nothing newer than ${end}: it was restored from an older ` +
          'copy. What happens from now on will be told.',
      );
    }
    const start = isAhead ? end : (remembered ?? end);
    return {
      question: { ...question, filters: { ...question.filters, since: [String(start)] } },
      endOf: async (followed) => (isAhead && hasWaited ? remembered : ((await keyAtLimit(followed)) ?? end)),
      remember: (cursor) => writeCursor(path, cursor),
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Two readers of one name take turns, or both would be told the same rows. */
async function lockOf(path: string): Promise<{ readonly lock: Lock; readonly hasWaited: boolean }> {
  const { acquireLock } = await import('../../store/sqlite/lock.ts');
  for (const [patience, hasWaited] of [[0, false] as const, [patienceMilliseconds, true] as const]) {
    try {
      return { lock: await acquireLock(path, patience), hasWaited };
    } catch (error) {
      if (!(error instanceof LockedError)) throw failure(`cannot lock ${path}: ${messageOf(error)}`, error);
    }
  }
  const seconds = patienceMilliseconds / 1_000;
  throw new LockedError(`another reader of this bookmark has not ended for ${seconds} s (${path})`);
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
