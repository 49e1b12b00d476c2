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

/** The position of a reader in the stream of changes: `--since last`, or `--since last:NAME`. */
export interface Bookmark {
  /** The question from that position on. */
  readonly question: Question;
  /** The position after the answer to that question. */
  endOf(question: ResolvedQuestion): Promise<number>;
  /** Moves the bookmark; to be called after the answer was written completely. */
  remember(end: number): void;
  /** Releases the lock for other readers of this name. */
  release(): void;
}

/** How long to wait for another reader of the same name. */
const patienceMilliseconds = 30_000;

/**
 * Opens the bookmark of a question, if it has one. A new bookmark starts at the end of the stream, so that no old
 * changes are returned. Bookmarks are small files, one per database and name, because queries never write to the
 * database.
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
    if (remembered === undefined) log.info('new bookmark: later calls return the changes from now on');
    const isAhead = remembered !== undefined && remembered > end;
    // After waiting for another reader, this one may see less than that reader has returned; then it returns nothing.
    if (isAhead && !hasWaited) {
      log.warn(
        `${path} is at ${remembered}, but the newest change in the database is ${end}: the database was restored from an older ` +
          'copy. The bookmark continues from now on',
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

/** Readers of one name take turns; otherwise both would return the same rows. */
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

/** The bookmark's part of the file name: empty for `last`; undefined without a bookmark. */
function nameIn({ filters, sort, descending, offset }: Question): string | undefined {
  const typed = (filters.since ?? []).map((text) => text.trim()).find((text) => /^last(:|$)/i.test(text));
  if (typed === undefined || filters.since?.length !== 1) return undefined;
  if (sort !== undefined || descending || offset > 0) {
    throw new UsageError(
      '--since last continues at its bookmark and cannot be combined with --sort, --desc or --offset',
    );
  }
  const name = typed.slice('last:'.length);
  if (typed.length > 'last'.length && !/^[\w-]{1,64}$/.test(name)) {
    throw new UsageError(
      `--since: "${name}" is not a name of letters, digits, _ and -; for example --since last:discord`,
    );
  }
  return name === '' ? '' : `.${name}`;
}

/** Called before any output: without a saved position, the same changes would be returned again. */
function prepare(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw failure(`cannot create the folder ${folder} for --since last: ${messageOf(error)}`, error);
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
    throw failure(`${path} does not contain {"cursor": NUMBER}. Fix it, or remove it to start from now`);
  }
  return Number(cursor);
}

function writeCursor(path: string, cursor: number): void {
  try {
    replaceFile(path, `${JSON.stringify({ cursor })}\n`);
  } catch (error) {
    throw failure(`cannot write ${path}, so the next call will return the same changes: ${messageOf(error)}`, error);
  }
}

function failure(message: string, cause?: unknown): HangarbayError {
  return new HangarbayError(message, exitCodes.failure, { cause });
}
