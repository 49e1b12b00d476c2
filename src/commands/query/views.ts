import { dirname, join } from 'node:path';
import { HangarbayError, LockedError, messageOf, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { makeFolder, readTextIfThere, replaceFile } from '../../files.ts';
import { configFolder } from '../../folders.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import type { Lock } from '../../store/sqlite/lock.ts';

/** A question as words of a command line: the subject, then flags. */
type Words = readonly string[];

/** The entries of the file by name: {@link Words}, or something else after a mistaken edit. */
export type Views = ReadonlyMap<string, unknown>;

/** The file of views: JSON, one view per line, so that people can edit it. */
export function viewsPath(): string {
  return join(configFolder(), 'views.json');
}

/**
 * Parses a view's name, with or without @.
 *
 * @throws {UsageError} when the name is invalid
 */
export function parseViewName(text: string): string {
  const name = text.replace(/^@/, '');
  if (!isViewName(name)) {
    const rule = 'up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit';
    throw new UsageError(`"${text}" is not a valid name of a view: use ${rule}; for example cheap-ships`);
  }
  return name;
}

/** Whether a view can be run by this name; a hand-edited file may have others. */
export function isViewName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name);
}

/** @throws {UsageError} when the file exists and is malformed */
export function readViews(path = viewsPath()): Views {
  let text: string | undefined;
  try {
    text = readTextIfThere(path);
  } catch (error) {
    throw broken(path, messageOf(error));
  }
  if (text === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw broken(path, messageOf(error));
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw broken(path, 'not an object');
  return new Map(Object.entries(content));
}

function broken(path: string, problem: string): UsageError {
  return new UsageError(`cannot read the saved views in ${path}: ${problem}. Fix the file, or move it away`);
}

/** Whether an entry of the file has the form of a question. */
export function isWords(entry: unknown): entry is Words {
  return Array.isArray(entry) && entry.length > 0 && entry.every((word) => typeof word === 'string');
}

/** The message for a malformed entry. */
export function notWords(name: string): string {
  return `"${name}" in ${viewsPath()} is not a list of words such as ["contracts", "--ships"]`;
}

/**
 * The words of a view.
 *
 * @throws {UsageError} with the nearest names when the view does not exist, or when it is malformed
 */
export function viewNamed(text: string): Words {
  const name = parseViewName(text);
  const views = readViews();
  if (!views.has(name)) throw unknownView(name, views);
  const entry = views.get(name);
  if (!isWords(entry)) throw new UsageError(`${notWords(name)}. Fix it, or run: hangarbay views remove ${name}`);
  return entry;
}

function unknownView(name: string, views: Views): UsageError {
  const hint = didYouMean(nearestNames(name, views.keys()));
  return new UsageError(`view "${name}" is unknown${hint || '.'} List all with: hangarbay views`);
}

/** @returns whether the name is new */
export async function saveView(name: string, words: Words): Promise<boolean> {
  return changeViews((views) => {
    const isNew = !views.has(name);
    views.set(name, words);
    return isNew;
  });
}

/**
 * @param text the name, with or without @; also an invalid one from a hand-edited file
 * @throws {UsageError} when the view does not exist
 */
export async function removeView(text: string): Promise<void> {
  await changeViews((views) => {
    const name = views.has(text) ? text : text.replace(/^@/, '');
    if (!views.delete(name)) throw unknownView(name, views);
  });
}

/** A change takes milliseconds, so a longer lock is a different use of the file. */
const patienceMilliseconds = 5_000;

/** Reads, changes and writes the views under a lock, so that no process overwrites another's change. */
async function changeViews<Result>(change: (views: Map<string, unknown>) => Result): Promise<Result> {
  const path = viewsPath();
  const { acquireLock } = await import('../../store/sqlite/lock.ts');
  let lock: Lock;
  try {
    makeFolder(dirname(path));
    lock = await acquireLock(path, patienceMilliseconds);
  } catch (error) {
    const problem = error instanceof LockedError ? 'another process holds the lock' : messageOf(error);
    throw notWritten(path, problem, error);
  }
  try {
    const views = new Map(readViews(path));
    const result = change(views);
    writeViews(views, path);
    return result;
  } finally {
    lock.release();
  }
}

function writeViews(views: Views, path: string): void {
  const lines = [...views].map(([name, entry]) => `  ${JSON.stringify(name)}: ${jsonOf(entry)}`);
  const text = lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
  try {
    replaceFile(path, text);
  } catch (error) {
    throw notWritten(path, messageOf(error), error);
  }
}

function notWritten(path: string, problem: string, cause: unknown): HangarbayError {
  return new HangarbayError(`cannot write the saved views to ${path}: ${problem}`, exitCodes.failure, { cause });
}

function jsonOf(entry: unknown): string {
  return isWords(entry) ? `[${entry.map((word) => JSON.stringify(word)).join(', ')}]` : JSON.stringify(entry);
}
