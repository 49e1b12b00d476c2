/**
 * Keeps `npm ci` free of compilers. better-sqlite3 has prebuilt binaries and says `"gypfile": false`, but npm up to 10
 * looks for this key in the lockfile, where it never writes it, and would run node-gyp. Run it after each change of the
 * dependencies; CI fails if it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Lockfile {
  packages: Record<string, { gypfile?: boolean; hasInstallScript?: boolean }>;
}

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
const entry = lockfile.packages['node_modules/better-sqlite3'];
if (entry === undefined) throw new Error('package-lock.json has no better-sqlite3');
delete entry.hasInstallScript;
entry.gypfile = false;
writeFileSync('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`);
