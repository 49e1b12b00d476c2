import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type SqliteClient from 'better-sqlite3';
import { StorageError } from '../../errors.ts';

const require = createRequire(import.meta.url);
const packageName = 'better-sqlite3';
/** Where `scripts/build.ts` puts the copy for the published package. */
const copy = './better-sqlite3/lib';

/**
 * better-sqlite3: the copy in the published package, or the installed package. The copy has binaries for Linux only, to
 * keep the package small; on other systems better-sqlite3 can be installed in addition.
 *
 * @throws {StorageError} when neither has a binary for this platform
 */
export const Sqlite = load();

function load(): typeof SqliteClient {
  const prebuilt = prebuiltPath();
  try {
    // The package's own entry would look for the binary once more, in two folders and in the memory map of the process.
    return require(prebuilt === null ? packageName : `${copy}/${basename(prebuilt, '.node')}.js`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new StorageError(
      `this package has no SQLite for this system, ${process.platform} on ${process.arch}. ` +
        `Run: npm install --global ${packageName}`,
      { cause: error },
    );
  }
}

/** The path of the copy's binary for this platform; null without one, or without a copy, when running from source. */
function prebuiltPath(): string | null {
  try {
    return require(`${copy}/binding.js`).getPrebuildPath();
  } catch {
    return null;
  }
}
