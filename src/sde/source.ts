import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { messageOf, UsageError } from '../errors.ts';
import type { StaticBuild } from '../eve/static-data.ts';
import { type Archive, openArchive } from './archive.ts';
import { type Downloads, RemoteReader } from './download.ts';
import { buildIn } from './members.ts';

/** Where CCP publishes the newest export (developers.eveonline.com/docs/services/static-data). */
export const newestExport = 'https://developers.eveonline.com/static-data/eve-online-static-data-latest-jsonl.zip';

const options = { lazyEntries: true, autoClose: false } as const;

/**
 * Opens an export in a file, or at an address. Of a server that can, only what is read is asked for; from any other it is
 * copied to a temporary file first.
 *
 * @throws {UsageError} where there is no such file, or it is no zip
 * @throws {HangarbayError} with code 12 if the server cannot be reached
 */
export async function openExport(source: string, downloads: Downloads): Promise<Archive> {
  if (!isAddress(source)) return openArchive(source, openFile(source));
  const file = await downloads.find(source);
  if (file !== undefined) {
    return openArchive(
      source,
      yauzl.fromRandomAccessReaderPromise(new RemoteReader(downloads, file), file.size, options),
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'hangarbay-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'export.zip');
    await downloads.save(source, path);
    const archive = await openArchive(source, openFile(path));
    return {
      ...archive,
      async close() {
        await archive.close();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

export const isAddress = (source: string) => /^https?:\/\//i.test(source);

async function openFile(path: string) {
  try {
    if ((await stat(path)).isDirectory()) throw new Error('it is a folder');
    return await yauzl.openPromise(path, options);
  } catch (error) {
    throw new Error(messageOf(error), { cause: error });
  }
}

/**
 * Asks which build is the newest where an export is published: 80 bytes beside the zip.
 *
 * @returns undefined where there is no such file, as beside a copy of the zip alone
 */
export async function newestBuild(source: string, downloads: Downloads): Promise<StaticBuild | undefined> {
  const isInFolder = new URL(source).pathname.includes('/tranquility/');
  const text = await downloads.text(String(new URL(`${isInFolder ? '' : 'tranquility/'}latest.jsonl`, source)));
  for (const line of text?.split('\n') ?? []) {
    const build = buildIn(parsed(line));
    if (build !== undefined) return build;
  }
  return undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** @throws {UsageError} where the export does not say which build it is */
export async function buildOf(archive: Archive, source: string): Promise<StaticBuild> {
  for await (const { value } of archive.lines('_sde')) {
    const build = buildIn(value);
    if (build !== undefined) return build;
  }
  throw new UsageError(`${source}: _sde.jsonl does not say which build the export is`);
}
