import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseLocation } from '../../store/location.ts';
import { examine, type Finding, notice, ok, problem } from './finding.ts';

const megabyte = 1_000_000;
/** Space for a few passes; a first pass over all regions takes about 200 MB. */
const scarceBytes = 1_000 * megabyte;
const tooFewBytes = 100 * megabyte;

/** The running Node.js; `bin/hangarbay.js` rejects older ones. */
export function nodeFinding(): Finding {
  return ok('node', `Node.js ${process.versions.node}`);
}

export function contactFinding(contact: string | undefined): Finding {
  if (contact !== undefined) return ok('contact', contact);
  return notice('contact', 'not set', 'ESI asks for an e-mail address or URL in the User-Agent: set HANGARBAY_CONTACT');
}

/** Whether this user can write the files of a pass, and whether the disk has space. */
export async function fileFindings(location: DatabaseLocation): Promise<Finding[]> {
  if (location.dialect !== 'sqlite') return [];
  const { path } = location;
  const { ownerInTheWay } = await import('../../store/sqlite/owner.ts');
  const stranger = ownerInTheWay(path) ?? ownerInTheWay(`${path}.lock`);
  const rights =
    stranger === undefined
      ? ok('rights', `this user can write ${path}`)
      : problem('rights', stranger, 'run every command as the owner of the database');
  return [rights, ...(await examine('disk', 'check the database path', () => roomFindings(path)))];
}

function roomFindings(path: string): Finding[] {
  const folder = nearestFolder(path);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const found = `${inMegabytes(free)} free in ${folder}, the database uses ${inMegabytes(size)}`;
  const advice = 'free space, or remove old contracts: hangarbay prune --gone-before 365d --vacuum';
  if (free < tooFewBytes) return [problem('disk', found, advice)];
  return [free < scarceBytes ? notice('disk', found, advice) : ok('disk', found)];
}

function nearestFolder(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder);
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / megabyte)} MB`;
