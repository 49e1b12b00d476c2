import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.ts';

/** Where the database is unless somebody says otherwise. */
export function dataFolder(): string {
  return xdgFolder('XDG_DATA_HOME', 'STATE_DIRECTORY', '.local', 'share');
}

/** Where people keep what they have set up, such as saved views. */
export function configFolder(): string {
  return xdgFolder('XDG_CONFIG_HOME', 'CONFIGURATION_DIRECTORY', '.config');
}

/** Where small facts are kept from one call to the next that belong to this user, not to the database. */
export function stateFolder(): string {
  return xdgFolder('XDG_STATE_HOME', 'STATE_DIRECTORY', '.local', 'state');
}

/** The settings that systemd hands to a service as the credential `hangarbay.env`; undefined where there is none. */
export function credentialsFile(): string | undefined {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  const path = folder ? join(folder, 'hangarbay.env') : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
}

/**
 * Our folder in an XDG directory, or else the one that systemd has made for the service (systemd.exec(5)); a relative value
 * is ignored, as the XDG base directory specification asks.
 *
 * @throws {UsageError} when it would be in a home that the user does not have
 */
function xdgFolder(variable: string, ofService: string, ...fallback: readonly string[]): string {
  const configured = process.env[variable];
  if (configured && isAbsolute(configured)) return join(configured, 'hangarbay');
  // Of several the first; each is a service's own already.
  const [service = ''] = (process.env[ofService] ?? '').split(':');
  if (isAbsolute(service)) return service;
  return join(homeFor(variable), ...fallback, 'hangarbay');
}

/** The user's home. */
export const homeFolder = () => homeFor('the path in full');

/** A HOME that is empty is as good as none: a path that begins with it would lead from the current folder. */
function homeFor(variable: string): string {
  if (process.env.HOME) return process.env.HOME;
  try {
    return userInfo().homedir;
  } catch (error) {
    const problem = 'HOME is not set, and the system knows no home of this user';
    throw new UsageError(`${problem}; set HOME or ${variable} to a folder that is theirs`, { cause: error });
  }
}

/** The folder of this program, found by its package.json: the bundle lies elsewhere in it than the source. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
