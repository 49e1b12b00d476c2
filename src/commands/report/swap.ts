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

/** A site that is being written; nobody sees it before it is swapped in. */
export interface NewSite {
  add(file: string, text: string): void;
  /** Shows it in the place of the one before, in one step. */
  swapIn(): void;
  /** Removes what was written unless it was swapped in, and lets others write. */
  close(): void;
}

/**
 * Begins a site that will be seen at a path. What is seen there is a symbolic link to a folder beside it, and only the
 * link changes, in one step: a visitor finds the old site or the new one, never half of one. The site before stays beside
 * the new one until the next, for visitors who are on their way through it.
 *
 * @throws {UsageError} when something is at the path that is no site, which is never replaced
 * @throws {LockedError} when another process writes this site
 */
export async function openNewSite(path: string): Promise<NewSite> {
  const out = resolve(path);
  const before = siteAt(out);
  // A web server reads them as another user.
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
      // An empty folder that somebody made for the site.
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

/** The folder that the link at a path leads to; undefined where nothing is there. */
function siteAt(out: string): string | undefined {
  const found = lstatSync(out, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) {
    const target = resolve(dirname(out), readlinkSync(out));
    if (dirname(target) === dirname(out) && isOfSite(basename(target), out)) return target;
  } else if (found.isDirectory() && readdirSync(out).length === 0) return 'empty folder';
  throw new UsageError(
    `--out ${out}: something is there that report did not make, and it is not replaced. Name a folder that does not exist`,
  );
}

const isOfSite = (name: string, out: string) =>
  name.startsWith(`${basename(out)}.`) && /^[0-9a-f-]{36}(\.link)?$/.test(name.slice(basename(out).length + 1));

/** Sites of earlier times, and of processes that were killed. */
const leftovers = (out: string) => readdirSync(dirname(out)).filter((name) => isOfSite(name, out));
