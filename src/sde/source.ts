import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { messageOf, UsageError } from '../errors.ts';
import type { StaticBuild } from '../eve/static-data.ts';
import { type Archive, openArchive } from './archive.ts';
import { type Downloads, RemoteReader } from './download.ts';
import { buildIn } from './members.ts';

/** The URL of the newest export (developers.eveonline.com/docs/services/static-data). */
export const newestExport = 'https://developers.eveonline.com/static-data/eve-online-static-data-latest-jsonl.zip';

const options = { lazyEntries: true, autoClose: false } as const;

/**
 * Opens an export in a file or at a URL. If the server supports ranges, only the required parts are downloaded;
 * otherwise the export is copied to a temporary file first.
 *
 * @throws {UsageError} when the file does not exist, or is not a zip
 * @throws {HangarbayError} with code 12 if the server is unreachable
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
 * Requests the newest build number at the export's source: an 80-byte file next to the zip.
 *
 * @returns undefined if that file does not exist, as next to a mirrored zip
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

/** @throws {UsageError} when the export has no build number */
export async function buildOf(archive: Archive, source: string): Promise<StaticBuild> {
  for await (const { value } of archive.lines('_sde')) {
    const build = buildIn(value);
    if (build !== undefined) return build;
  }
  throw new UsageError(`${source}: _sde.jsonl has no build number`);
}
