import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Creates a folder and its missing parents for the owner only; existing ones stay unchanged. Not Node's recursive
 * mkdir, which never ends if the system answers "no such file" for a forbidden folder, as below /proc.
 *
 * @param mode of the new folders, subject to the umask
 */
export function makeFolder(path: string, mode = 0o700): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !isFolder(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another process may have been faster.
      if (!isFolder(folder)) throw error;
    }
  }
}

/** Whether the path leads to an existing folder; always true for the root of the file system. */
export function isFolder(path: string): boolean {
  return dirname(path) === path || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Replaces a small file atomically: a reader sees the old or the new text, and a full disk keeps the old one. A new
 * file, and folders created for it, are for the owner only, subject to the umask; an existing file keeps its
 * permissions. If the path is a link, its target is replaced.
 *
 * @param options.mode of a new file regardless of the umask, if others must read it
 * @throws when the file cannot be written, or the path leads to something other than a file
 */
export function replaceFile(path: string, text: string, { mode }: { readonly mode?: number } = {}): void {
  const place = placeFor(path, mode);
  try {
    writeFileSync(place.unfinished, text, { flag: 'wx', mode: 0o600, flush: true });
    place.finish();
  } catch (error) {
    place.abandon();
    throw error;
  }
}

/**
 * The same for a file of any size, written in parts.
 *
 * @param write writes the whole file to a new path
 */
export async function replaceLargeFile(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const place = placeFor(path);
  try {
    await write(place.unfinished);
    place.finish();
  } catch (error) {
    place.abandon();
    throw error;
  }
}

/** The temporary file that then replaces the old one. */
function placeFor(path: string, newMode?: number) {
  makeFolder(dirname(path));
  const existing = statIfThere(path);
  if (existing?.isFile() === false) throw new Error('it is not a file, and only files are replaced');
  const target = existing === undefined ? path : realpathSync(path);
  // A name that nobody else can have created, in the same folder, because a rename is only atomic there. Hidden,
  // because programs that read all files of a folder skip hidden ones.
  const unfinished = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}.new`);
  return {
    unfinished,
    finish() {
      const mode = existing === undefined ? newMode : existing.mode & 0o777;
      if (mode !== undefined) chmodSync(unfinished, mode);
      renameSync(unfinished, target);
    },
    abandon: () => rmSync(unfinished, { force: true }),
  };
}

/** The text of a file, without a byte-order mark. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
}

/** The same for a file that may be UTF-16 with a byte-order mark, as PowerShell writes it. */
export function readEncodedText(path: string): string {
  const bytes = readFileSync(path);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * The same, or undefined if the file does not exist.
 *
 * @throws when the file cannot be read, or is a dangling link
 */
export function readTextIfThere(path: string): string | undefined {
  return statIfThere(path) === undefined ? undefined : readText(path);
}

/** Whether a path is a dangling symbolic link. */
export function leadsNowhere(path: string): boolean {
  const options = { throwIfNoEntry: false } as const;
  return statSync(path, options) === undefined && lstatSync(path, options) !== undefined;
}

/**
 * The stats of a path's target. Creating a file in place of a link would hide its target, which may be on a disk that
 * is not mounted.
 */
function statIfThere(path: string) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined && leadsNowhere(path)) {
    throw new Error('dangling symbolic link; fix it or remove it');
  }
  return found;
}
