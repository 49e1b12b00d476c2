import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/**
 * The message about a database file or folder that this user cannot access because it belongs to another. SQLite itself
 * only reports that it cannot open the file.
 *
 * @param path of a database or its lock; includes the files that SQLite keeps next to it
 * @returns undefined when permissions and owners are not the reason
 */
export function ownerInTheWay(path: string): string | undefined {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file));
  const candidates = files.length > 0 ? [...files, dirname(path)] : [nearestFolder(path)];
  for (const file of candidates) {
    const owner = ownerOf(file);
    if (owner === undefined || owner === process.getuid?.() || isUsable(file)) continue;
    const [theirs, mine] = [nameOf(owner), nameOf(process.getuid?.() ?? -1)];
    const remedy = existsSync(dirname(path))
      ? `run it as ${theirs}, or: chown ${mine} ${file}`
      : `create the folder as ${theirs}: install -d -o ${mine} -m 700 ${dirname(path)}`;
    return `permission denied: ${file} belongs to ${theirs}, and the current user is ${mine}; ${remedy}`;
  }
  return undefined;
}

function nearestFolder(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder);
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Node knows only the name of its own user; /etc/passwd has those of other local users. */
function nameOf(id: number): string {
  try {
    const { uid, username } = userInfo();
    if (uid === id) return username;
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(id));
    return line?.split(':')[0] || `uid ${id}`;
  } catch {
    return `uid ${id}`;
  }
}
