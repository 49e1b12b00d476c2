import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { HangarbayError, LockedError, messageOf, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { makeFolder, readTextIfThere, replaceFile } from '../../files.ts';
import { stateFolder } from '../../folders.ts';
import type { Log } from '../../log.ts';
import type { Question, ResolvedQuestion } from '../../query/engine/resolve.ts';
import { keyAtLimit } from '../../query/engine/run.ts';
import type { Stream, StreamRow } from '../../query/engine/subject.ts';
import type { Reader } from '../../store/reader.ts';
import type { Lock } from '../../store/sqlite/lock.ts';
import { type Instant, storableInstant } from '../../time.ts';

/** The position of a reader in the stream of changes: `--since last`, or `--since last:NAME`. */
export interface Bookmark {
  /** The question from that position on. */
  readonly question: Question;
  /** The position after the answer to that question. */
  endOf(question: ResolvedQuestion): Promise<Position>;
  /** Moves the bookmark; to be called after the answer was written completely. */
  remember(end: Position): void;
  /** Releases the lock for other readers of this name. */
  release(): void;
}

interface Position {
  readonly cursor: number;
  /** The row with this cursor; undefined before the first row, and in bookmarks of earlier versions. */
  readonly row?: StreamRow | undefined;
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
    const remembered = readPosition(path);
    if (remembered === undefined) log.info('new bookmark: later calls return the changes from now on');
    // After waiting for another reader, this one may see less than that reader has returned; then it returns nothing.
    const isBehindOther = hasWaited && remembered !== undefined && remembered.cursor > end;
    let start = isBehindOther ? end : (remembered?.cursor ?? end);
    const restored = isBehindOther ? undefined : await signOfRestore(remembered, end, stream, reader);
    if (restored !== undefined) {
      const at = remembered?.row?.at;
      start = await startAfter(at, end, stream, reader);
      const from = at === undefined ? 'from now on' : `with the changes after ${at}`;
      log.warn(`${path} ${restored}: the database was restored from an older copy. The bookmark continues ${from}`);
    }
    return {
      question: { ...question, filters: { ...question.filters, since: [String(start)] } },
      async endOf(followed) {
        if (isBehindOther) return remembered;
        const cursor = (await keyAtLimit(followed)) ?? end;
        const [row] = await reader.all<StreamRow>(stream.rowAt(cursor));
        return { cursor, row };
      },
      remember: (position) => writePosition(path, position),
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * How a bookmark shows that the database was restored: a restored database gives the numbers of lost changes to other
 * changes. A change may also be missing because it was pruned, but pruning keeps the passes.
 */
async function signOfRestore(
  remembered: Position | undefined,
  end: number,
  stream: Stream,
  reader: Reader,
): Promise<string | undefined> {
  if (remembered === undefined) return undefined;
  const { cursor, row } = remembered;
  if (cursor > end) return `is at ${cursor}, but the newest change in the database is ${end}`;
  if (row === undefined) return undefined;
  const [stored] = await reader.all<StreamRow>(stream.rowAt(cursor));
  const isSame =
    stored === undefined
      ? (await reader.all(stream.passOf(row.run_id))).length > 0
      : stored.run_id === row.run_id && stored.contract_id === row.contract_id && stored.at === row.at;
  return isSame ? undefined : `is at ${cursor}, a change of ${row.at} that the database does not have`;
}

/** The position in a restored database: passes do not overlap, so those since the restore are later than this time. */
async function startAfter(at: Instant | undefined, end: number, stream: Stream, reader: Reader): Promise<number> {
  if (at === undefined) return end;
  const [later] = await reader.all<{ cursor: number | null }>(stream.endAt(at));
  return later?.cursor ?? end;
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

function readPosition(path: string): Position | undefined {
  let text: string | undefined;
  try {
    text = readTextIfThere(path);
  } catch (error) {
    throw failure(`cannot read ${path}: ${messageOf(error)}`, error);
  }
  if (text === undefined) return undefined;
  const position = parsePosition(text);
  if (position === undefined) {
    throw failure(`${path} does not contain {"cursor": NUMBER}. Fix it, or remove it to start from now`);
  }
  return position;
}

function parsePosition(text: string): Position | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { cursor, ...row } = value as Readonly<Record<string, unknown>>;
  if (typeof cursor !== 'number' || !Number.isSafeInteger(cursor) || cursor < 0) return undefined;
  if (Object.keys(row).length === 0) return { cursor };
  const { run_id, contract_id, at } = row;
  if (typeof run_id !== 'string' || typeof contract_id !== 'number' || typeof at !== 'string') return undefined;
  if (storableInstant(new Date(at)) !== at) return undefined;
  return { cursor, row: { run_id, contract_id, at } };
}

function writePosition(path: string, { cursor, row }: Position): void {
  try {
    replaceFile(path, `${JSON.stringify({ cursor, ...row })}\n`);
  } catch (error) {
    throw failure(`cannot write ${path}, so the next call will return the same changes: ${messageOf(error)}`, error);
  }
}

function failure(message: string, cause?: unknown): HangarbayError {
  return new HangarbayError(message, exitCodes.failure, { cause });
}
