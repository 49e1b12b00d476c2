import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.ts';

/** The default folder of the database. */
export function dataFolder(): string {
  return xdgFolder('XDG_DATA_HOME', 'STATE_DIRECTORY', '.local', 'share');
}

/** The folder of configuration, such as saved views. */
export function configFolder(): string {
  return xdgFolder('XDG_CONFIG_HOME', 'CONFIGURATION_DIRECTORY', '.config');
}

/** The folder of small state files that belong to the user and not to the database. */
export function stateFolder(): string {
  return xdgFolder('XDG_STATE_HOME', 'STATE_DIRECTORY', '.local', 'state');
}

/** The settings that systemd passes to a service as the credential `hangarbay.env`; undefined without one. */
export function credentialsFile(): string | undefined {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  const path = folder ? join(folder, 'hangarbay.env') : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
}

/**
 * The program's folder in an XDG directory, or the one that systemd created for the service (systemd.exec(5)). Relative
 * values are ignored, as the XDG base directory specification requires.
 *
 * @throws {UsageError} when it is in the home directory of a user without one
 */
function xdgFolder(variable: string, ofService: string, ...fallback: readonly string[]): string {
  const configured = process.env[variable];
  if (configured && isAbsolute(configured)) return join(configured, 'hangarbay');
  // The first of several; each belongs to the service.
  const [service = ''] = (process.env[ofService] ?? '').split(':');
  if (isAbsolute(service)) return service;
  return join(homeFor(variable), ...fallback, 'hangarbay');
}

/** The user's home directory. */
export const homeFolder = () => homeFor('an absolute path');

/** An empty HOME counts as unset, because paths that begin with it would be relative. */
function homeFor(variable: string): string {
  if (process.env.HOME) return process.env.HOME;
  try {
    return userInfo().homedir;
  } catch (error) {
    const problem = 'HOME is not set, and the system knows no home directory of this user';
    throw new UsageError(`${problem}; set HOME or ${variable} to a folder of this user`, { cause: error });
  }
}

/**
 * The folder of the installed program, found by its package.json: the bundle and the source are at different depths.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
