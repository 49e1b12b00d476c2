import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where the database is unless somebody says otherwise. */
export function dataFolder(): string {
  return xdgFolder('XDG_DATA_HOME', '.local', 'share');
}

/** Where people keep what they have set up, such as saved views. */
export function configFolder(): string {
  return xdgFolder('XDG_CONFIG_HOME', '.config');
}

/** Where small facts are kept from one call to the next that belong to this user, not to the database. */
export function stateFolder(): string {
  return xdgFolder('XDG_STATE_HOME', '.local', 'state');
}

/** Our folder in an XDG directory; a relative value is ignored, as the XDG base directory specification asks. */
function xdgFolder(variable: string, ...fallback: readonly string[]): string {
  const configured = process.env[variable];
  const base = configured && isAbsolute(configured) ? configured : join(homedir(), ...fallback);
  return join(base, 'hangarbay');
}
