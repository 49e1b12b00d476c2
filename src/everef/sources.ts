import { createReadStream, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { messageOf, UsageError } from '../errors.ts';
import type { Downloads } from '../sde/download.ts';
import { isAddress } from '../sde/source.ts';

/** Where EVE Ref publishes the newest archive (docs.everef.net/datasets/public-contracts). */
export const newestArchive = 'https://data.everef.net/public-contracts/public-contracts-latest.v2.tar.bz2';

/** Names contain the time, so they sort by it. */
const archiveName = /^public-contracts-.*\.tar\.bz2$/;

const indexSchema = z.array(z.object({ name: z.string(), url: z.url({ protocol: /^https?$/ }) }));

/**
 * Finds the archives in files, folders, URLs and indexes (`index.json`); those of one source are sorted by name.
 *
 * @throws {UsageError} if a source has no archive
 */
export async function archivesIn(sources: readonly string[], downloads: Downloads): Promise<string[]> {
  const found: string[] = [];
  for (const source of sources) {
    const inside = isAddress(source) ? await archivesAt(source, downloads) : archivesUnder(source);
    if (inside.length === 0) throw new UsageError(`${source} has no archive (public-contracts-….tar.bz2)`);
    found.push(...inside);
  }
  return found;
}

async function archivesAt(address: string, downloads: Downloads): Promise<string[]> {
  if (!new URL(address).pathname.endsWith('/index.json')) return [address];
  const text = await downloads.text(address);
  const index = indexSchema.safeParse(parsed(text));
  if (!index.success) throw new UsageError(`${address} is not an index of archives`);
  const archives = index.data.filter(({ name }) => archiveName.test(name));
  return archives.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ url }) => url);
}

function archivesUnder(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => archiveName.test(basename(file)))
      .toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1))
      .map((file) => join(path, file));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Opens an archive for reading; one at a URL is first copied to a temporary file. */
export async function withArchive<Result>(
  source: string,
  downloads: Downloads,
  work: (open: () => Readable) => Promise<Result>,
): Promise<Result> {
  if (!isAddress(source)) return work(() => createReadStream(source));
  const folder = await mkdtemp(join(tmpdir(), 'hangarbay-'));
  try {
    const path = join(folder, 'archive.tar.bz2');
    await downloads.save(source, path);
    return await work(() => createReadStream(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
