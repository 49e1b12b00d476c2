import { createReadStream, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { messageOf, UsageError } from '../errors.ts';
import type { Downloads } from '../sde/download.ts';
import { isAddress } from '../sde/source.ts';
import { type Instant, toInstant } from '../time.ts';

/** Where EVE Ref publishes the newest archive (docs.everef.net/datasets/public-contracts). */
export const newestArchive = 'https://data.everef.net/public-contracts/public-contracts-latest.v2.tar.bz2';

/** Names contain the time, so they sort by it. */
const archiveName = /^public-contracts-.*\.tar\.bz2$/;
/** EVE Ref names an archive by its `scrape_start` (ScrapePublicContracts.java). */
const timeInName = /^public-contracts-(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)\./;

const address = z.url({ protocol: /^https?$/ });
const files = z.array(z.object({ name: z.string(), url: address }));
/** EVE Ref leaves out empty arrays (IndexPageData.java). A plain array of files is accepted, too. */
const indexSchema = z.union([
  files.transform((files) => ({ files, directories: [] })),
  z.object({ files: files.default([]), directories: z.array(z.object({ index_url: address })).default([]) }),
]);
/** `public-contracts/history/2026/2026-11-28` is four folders deep. */
const deepestFolder = 8;

/**
 * Finds the archives in files, folders, addresses and indexes (`index.json`) with the folders below them. The archives of
 * one source are sorted by name.
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
  const archives: z.output<typeof files> = [];
  const visited = new Set<string>();
  await visit(address, 0);
  return archives.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ url }) => url);

  async function visit(index: string, depth: number): Promise<void> {
    const { href } = new URL(index, address);
    if (visited.has(href)) return;
    visited.add(href);
    if (depth > deepestFolder) throw new UsageError(`${address} has folders more than ${deepestFolder} deep`);
    const text = await downloads.text(href);
    const page = indexSchema.safeParse(parsed(text));
    if (!page.success) throw new UsageError(`${href} is not an index of archives`);
    archives.push(...page.data.files.filter(({ name }) => archiveName.test(name)));
    for (const { index_url } of page.data.directories) await visit(index_url, depth + 1);
  }
}

/**
 * The `scrape_start` of an archive at an address, from its name.
 *
 * @returns undefined for a local file, which people may rename, and for a name without a time
 */
export function scrapeStartInName(source: string): Instant | undefined {
  if (!isAddress(source)) return undefined;
  const [, day, hours, minutes, seconds] = timeInName.exec(basename(new URL(source).pathname)) ?? [];
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(time.getTime()) ? undefined : toInstant(time);
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
