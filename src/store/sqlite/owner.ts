import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/**
 * Which of a database's files, or else which folder, keeps this user out because it belongs to another one, in words for a
 * message. SQLite itself only says that it cannot open the file.
 *
 * @param path of a database or its lock; the files that SQLite keeps beside it count as well
 * @returns undefined where permissions and owners are no obstacle
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
      : `make the folder as ${theirs}: install -d -o ${mine} -m 700 ${dirname(path)}`;
    return `permission denied: ${file} belongs to ${theirs}, and this runs as ${mine}; ${remedy}`;
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

/** Node knows the name of its own user only; those of other local users are in a file. */
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
