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
 * Makes a folder, and those that lead to it, for their owner alone; those that are there stay as they are. One after the
 * other, since Node's own recursive way never ends where the system says "no such file" to a folder that it forbids, as
 * below /proc.
 *
 * @param mode of the new folders, less what the umask forbids
 */
export function makeFolder(path: string, mode = 0o700): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !isFolder(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another process may have been quicker.
      if (!isFolder(folder)) throw error;
    }
  }
}

/** Whether it is there and leads to a folder; the root of the file system always is. */
function isFolder(path: string): boolean {
  return dirname(path) === path || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Replaces a small file in one step, so that a reader finds the old text or the new one, never half of it, and a full
 * disk leaves the old one. A new file is for its owner alone, less what the umask forbids, and so are folders that are
 * made for it; one that is there keeps its rights. A link stays, and the file that it leads to is replaced.
 *
 * @param options.mode of a new file, whatever the umask says, for one that others are to read
 * @throws where it cannot be written, or leads to something that is no file
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
 * The same for a file of any size, which is written step by step.
 *
 * @param write writes the whole of it to another path, where nothing is yet
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

/** Where a new file is written until it takes the place of the old one. */
function placeFor(path: string, newMode?: number) {
  makeFolder(dirname(path));
  const existing = statIfThere(path);
  if (existing?.isFile() === false) throw new Error('it is no file, and nothing else is replaced');
  const target = existing === undefined ? path : realpathSync(path);
  // A name that nobody can have put there, and in the same folder, since only there a file can be renamed at once.
  // Hidden, since those who read all files of a folder leave such ones out.
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

/** The text of a file, without the byte-order mark that some editors put in front. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
}

/** The same of a file that may be in UTF-16, as PowerShell writes it, by its byte-order mark. */
export function readEncodedText(path: string): string {
  const bytes = readFileSync(path);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * The same, or nothing where there is no such file.
 *
 * @throws where it cannot be read, or is a link that leads nowhere
 */
export function readTextIfThere(path: string): string | undefined {
  return statIfThere(path) === undefined ? undefined : readText(path);
}

/** Whether a path is a symbolic link to nothing. */
export function leadsNowhere(path: string): boolean {
  const options = { throwIfNoEntry: false } as const;
  return statSync(path, options) === undefined && lstatSync(path, options) !== undefined;
}

/** What a path leads to. A new file in the place of a link would hide the old one, on a disk that is not mounted. */
function statIfThere(path: string) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined && leadsNowhere(path)) {
    throw new Error('it is a symbolic link that leads nowhere; mend it or remove it');
  }
  return found;
}
