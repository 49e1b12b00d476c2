import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestStore, sqlite, type TestDatabase } from '../helpers/backings.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { saveObject, saveUniverse } from '../helpers/universe.ts';

export const oddName = `Odd's "Deep" $x\\y`;

/** A database with the names of the universe, and a name that shells would execute. */
export async function openNamed(backing = sqlite): Promise<TestDatabase> {
  const { store, close, database } = await openTestStore(backing);
  await saveUniverse(store);
  await saveObject(store, 'region', 10000099, { name: oddName });
  await close();
  return database;
}

/** A configuration folder with a saved view. */
export function configured(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'hangarbay'));
  writeFileSync(
    join(folder, 'hangarbay', 'views.json'),
    // A hand-written name that cannot be used is never completed.
    '{"cheap-ships": ["contracts", "--ships"], "names": ["types"], "\\u001b]0;x\\n": ["types"]}',
  );
  return folder;
}
