import { join } from 'node:path';
import { HangarbayError, messageOf, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { readTextIfThere, replaceFile } from '../files.ts';
import { configFolder } from '../folders.ts';
import { didYouMean, nearestNames } from '../nearest.ts';

/** Questions by the name they were saved under, as words of a command line: the subject, then flags. */
export type Views = ReadonlyMap<string, readonly string[]>;

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
  const views = Object.entries(content);
  for (const [name, words] of views) {
    const isList = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string');
    if (!isList) throw broken(path, `"${name}" is no list of words such as ["contracts", "--ships"]`);
  }
  return new Map(views);
}

function broken(path: string, problem: string): UsageError {
  return new UsageError(`cannot read the saved views in ${path}: ${problem}; mend the file or move it away`);
}

/**
 * The words of a view.
 *
 * @throws {UsageError} with the nearest names when there is none of this name
 */
export function viewNamed(text: string, views = readViews()): readonly string[] {
  const name = parseViewName(text);
  const words = views.get(name);
  if (words !== undefined) return words;
  const hint = didYouMean(nearestNames(name, views.keys()));
  throw new UsageError(`there is no saved view "${name}"${hint || '.'} To see all: hangarbay views`);
}

/** @returns whether there was none of this name before */
export function saveView(name: string, words: readonly string[]): boolean {
  const views = new Map(readViews());
  const isNew = !views.has(name);
  writeViews(views.set(name, words));
  return isNew;
}

/** @throws {UsageError} when there is none of this name */
export function removeView(name: string): void {
  const views = new Map(readViews());
  viewNamed(name, views);
  views.delete(name);
  writeViews(views);
}

function writeViews(views: Views): void {
  const path = viewsPath();
  const lines = [...views].map(
    ([name, words]) => `  ${JSON.stringify(name)}: [${words.map((word) => JSON.stringify(word)).join(', ')}]`,
  );
  const text = lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
  try {
    replaceFile(path, text);
  } catch (error) {
    const message = `cannot write the saved views to ${path}: ${messageOf(error)}`;
    throw new HangarbayError(message, exitCodes.failure, { cause: error });
  }
}
