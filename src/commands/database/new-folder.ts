import { dataFolder } from '../../folders.ts';
import type { Log } from '../../log.ts';
import type { DatabaseLocation } from '../../store/location.ts';

/** Names a folder that is about to be made for a database outside of the default place: a slip would go unnoticed. */
export async function sayNewFolder(location: DatabaseLocation, log: Log): Promise<void> {
  if (location.dialect !== 'sqlite') return;
  const { missingFolderOf } = await import('../../store/sqlite/files.ts');
  const folder = missingFolderOf(location.path);
  if (folder === undefined || folder === usualFolder()) return;
  log.warn(`makes the folder ${folder} for the database ${location.path}`);
}

/** Undefined for a user who has no home. */
function usualFolder(): string | undefined {
  try {
    return dataFolder();
  } catch {
    return undefined;
  }
}
