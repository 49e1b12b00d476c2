import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import { makeFolder } from '../../files.ts';
import type { Lock } from '../../store/sqlite/lock.ts';

/** A site that is being written, invisible until it is swapped in. */
export interface NewSite {
  add(file: string, text: string): void;
  /** Replaces the previous site atomically. */
  swapIn(): void;
  /** Removes the new site unless it was swapped in, and releases the lock. */
  close(): void;
}

/**
 * Starts writing a site for a path. The path is a symbolic link to a folder next to it, and only the link changes, so
 * that a visitor always sees a whole site. The previous site is kept until the next swap, for visitors who are still
 * using it.
 *
 * @throws {UsageError} when the path has something other than a site, which is never replaced
 * @throws {LockedError} when another process writes this site
 */
export async function openNewSite(path: string): Promise<NewSite> {
  const out = resolve(path);
  const before = siteAt(out);
  // A web server reads the site as another user.
  makeFolder(dirname(out), 0o777);
  const { acquireLock } = await import('../../store/sqlite/lock.ts');
  const lock: Lock = await acquireLock(out, 0);
  const folder = `${out}.${crypto.randomUUID()}`;
  let isIn = false;
  try {
    mkdirSync(folder);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    add: (file, text) => writeFileSync(join(folder, file), text, { flag: 'wx' }),
    swapIn() {
      // An empty folder that was created for the site.
      if (before === 'empty folder') rmdirSync(out);
      const link = `${folder}.link`;
      symlinkSync(process.platform === 'win32' ? folder : basename(folder), link, 'junction');
      renameSync(link, out);
      isIn = true;
      for (const name of leftovers(out)) {
        if (name !== basename(folder) && join(dirname(out), name) !== before)
          rmSync(join(dirname(out), name), { recursive: true });
      }
    },
    close() {
      if (!isIn) rmSync(folder, { recursive: true, force: true });
      lock.release();
    },
  };
}

/** The target of the link at a path; undefined when the path does not exist. */
function siteAt(out: string): string | undefined {
  const found = lstatSync(out, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) {
    const target = resolve(dirname(out), readlinkSync(out));
    if (dirname(target) === dirname(out) && isOfSite(basename(target), out)) return target;
  } else if (found.isDirectory() && readdirSync(out).length === 0) return 'empty folder';
  throw new UsageError(
    `--out ${out}: exists and is not a site made by report; not replaced. Use a folder that does not exist`,
  );
}

const isOfSite = (name: string, out: string) =>
  name.startsWith(`${basename(out)}.`) && /^[0-9a-f-]{36}(\.link)?$/.test(name.slice(basename(out).length + 1));

/** Older sites, and those of killed processes. */
const leftovers = (out: string) => readdirSync(dirname(out)).filter((name) => isOfSite(name, out));
