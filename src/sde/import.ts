import { UsageError } from '../errors.ts';
import type { StaticBuild, StaticTable } from '../eve/static-data.ts';
import type { Store } from '../store/store.ts';
import { toInstant } from '../time.ts';
import type { Downloads } from './download.ts';
import { type ImportProgress, readExport } from './read.ts';
import { findRoutes } from './routes.ts';
import { buildOf, isAddress, newestBuild, openExport } from './source.ts';

/** The result of an import, as printed by `--json`. */
export interface ImportSummary extends StaticBuild {
  readonly source: string;
  readonly outcome: 'imported' | 'up_to_date';
  /** Rows written per table. */
  readonly rows?: Readonly<Record<string, number>>;
}

export interface ImportOptions {
  /** Allows a build that is older than the one in the database. */
  readonly force?: boolean;
  /** Skips the import if the database has the newest build; requests the newest build number first. */
  readonly ifNewer?: boolean;
}

export interface ImportContext {
  readonly store: Store;
  readonly downloads: Downloads;
  readonly progress: ImportProgress;
  readonly signal: AbortSignal;
}

/**
 * Imports a static data export: all or nothing.
 *
 * @param source a file, or an http or https URL
 * @throws {UsageError} when the export is invalid, or older than the imported one
 * @throws {HangarbayError} with code 12 if the server is unreachable
 */
export async function importStaticData(
  source: string,
  { ifNewer, force }: ImportOptions,
  { store, downloads, progress, signal }: ImportContext,
): Promise<ImportSummary> {
  const known = Number((await store.readMeta('sde_build')) ?? 0);
  if (ifNewer === true && isAddress(source)) {
    const newest = await newestBuild(source, downloads);
    if (newest !== undefined && newest.build <= known) return { source, outcome: 'up_to_date', ...newest };
  }
  const archive = await openExport(source, downloads);
  try {
    const found = await buildOf(archive, source);
    if (ifNewer === true && found.build <= known) return { source, outcome: 'up_to_date', ...found };
    if (found.build < known && force !== true) {
      throw new UsageError(
        `${source} is build ${found.build}, older than build ${known} in the database. To import it anyway: --force`,
      );
    }
    const rows = await readExport(archive, source, { progress, signal });
    await store.saveStaticData({ ...found, rows }, toInstant(new Date()));
    await findRoutes(store);
    await store.valueContracts();
    const counts = Object.entries(rows).map(([table, { length }]) => [table as StaticTable, length]);
    return { source, outcome: 'imported', ...found, rows: Object.fromEntries(counts) };
  } finally {
    await archive.close();
  }
}
