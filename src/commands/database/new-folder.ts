import { dataFolder } from '../../folders.ts';
import type { Log } from '../../log.ts';
import type { DatabaseLocation } from '../../store/location.ts';

/** Logs the creation of a folder for a database outside of the default place, so that a typing error is noticed. */
export async function logNewFolder(location: DatabaseLocation, log: Log): Promise<void> {
  if (location.dialect !== 'sqlite') return;
  const { missingFolderOf } = await import('../../store/sqlite/files.ts');
  const folder = missingFolderOf(location.path);
  if (folder === undefined || folder === usualFolder()) return;
  log.warn(`creating the folder ${folder} for the database ${location.path}`);
}

/** Undefined for a user without a home directory. */
function usualFolder(): string | undefined {
  try {
    return dataFolder();
  } catch {
    return undefined;
  }
}
