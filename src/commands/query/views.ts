import { dirname, join } from 'node:path';
import { HangarbayError, LockedError, messageOf, UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { makeFolder, readTextIfThere, replaceFile } from '../../files.ts';
import { configFolder } from '../../folders.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import type { Lock } from '../../store/sqlite/lock.ts';

/** A question as words of a command line: the subject, then flags. */
type Words = readonly string[];

/** What the file has under each name: {@link Words}, unless somebody who edited it was mistaken. */
export type Views = ReadonlyMap<string, unknown>;

/** The file that keeps the views: JSON, a view a line, for people to edit. */
export function viewsPath(): string {
  return join(configFolder(), 'views.json');
}

/**
 * A name as it was typed, with its @ or without.
 *
 * @throws {UsageError} when it cannot name a view
 */
export function parseViewName(text: string): string {
  const name = text.replace(/^@/, '');
  if (!isViewName(name)) {
    const rule = 'up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit';
    throw new UsageError(`"${text}" cannot name a view: ${rule}; for example cheap-ships`);
  }
  return name;
}

/** Whether a view can be asked for by this name; one that was written into the file by hand may be any. */
export function isViewName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name);
}

/** @throws {UsageError} when the file is there but cannot be understood */
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
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw broken(path, 'it is no object');
  return new Map(Object.entries(content));
}

function broken(path: string, problem: string): UsageError {
  return new UsageError(`cannot read the saved views in ${path}: ${problem}; mend the file or move it away`);
}

/** Whether an entry of the file is a question, as far as its form goes. */
export function isWords(entry: unknown): entry is Words {
  return Array.isArray(entry) && entry.length > 0 && entry.every((word) => typeof word === 'string');
}

/** What is wrong with an entry that is none. */
export function notWords(name: string): string {
  return `"${name}" in ${viewsPath()} is no list of words such as ["contracts", "--ships"]`;
}

/**
 * The words of a view.
 *
 * @throws {UsageError} with the nearest names when there is none of this name, or when it is no list of words
 */
export function viewNamed(text: string): Words {
  const name = parseViewName(text);
  const views = readViews();
  if (!views.has(name)) throw unknownView(name, views);
  const entry = views.get(name);
  if (!isWords(entry)) throw new UsageError(`${notWords(name)}; mend it, or: hangarbay views remove ${name}`);
  return entry;
}

function unknownView(name: string, views: Views): UsageError {
  const hint = didYouMean(nearestNames(name, views.keys()));
  return new UsageError(`there is no saved view "${name}"${hint || '.'} To see all: hangarbay views`);
}

/** @returns whether there was none of this name before */
export async function saveView(name: string, words: Words): Promise<boolean> {
  return changeViews((views) => {
    const isNew = !views.has(name);
    views.set(name, words);
    return isNew;
  });
}

/**
 * @param text the name, with its @ or without; one that was edited in by hand may be any, and is taken as it stands
 * @throws {UsageError} when there is none of this name
 */
export async function removeView(text: string): Promise<void> {
  await changeViews((views) => {
    const name = views.has(text) ? text : text.replace(/^@/, '');
    if (!views.delete(name)) throw unknownView(name, views);
  });
}

/** A change takes moments; whoever holds the file for longer does something else with it. */
const patienceMilliseconds = 5_000;

/** Reads, changes and writes the views; one process at a time, or one would undo what another has just written. */
async function changeViews<Result>(change: (views: Map<string, unknown>) => Result): Promise<Result> {
  const path = viewsPath();
  const { acquireLock } = await import('../../store/sqlite/lock.ts');
  let lock: Lock;
  try {
    makeFolder(dirname(path));
    lock = await acquireLock(path, patienceMilliseconds);
  } catch (error) {
    const problem = error instanceof LockedError ? 'another process keeps changing them' : messageOf(error);
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
