import { chmodSync, chownSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, startProcess } from './cli.ts';
import { makeFolder } from './temporary.ts';

/** Permissions do not apply to root; this user exists on every Unix and owns nothing. */
const nobody = 65_534;
/** An unnamed user with the group of nobody. */
const member = { uid: nobody - 1, gid: nobody };
const root = join(import.meta.dirname, '../..');

/** The built executable for a user whom permissions bind, and a folder that is theirs. */
export interface Unprivileged {
  readonly folder: string;
  /** Runs the executable under shell commands that come first, such as `umask 027`. */
  run(first: string, args: readonly string[], environment?: Environment): Promise<Ended>;
  /** Runs the executable as another user of the same group; undefined unless run by root. */
  readonly runAsMember: ((args: readonly string[], environment: Environment) => Promise<Ended>) | undefined;
}

type Environment = Readonly<Record<string, string>>;

/**
 * The current user, or for root another user, who cannot access the project's folder and gets a copy of the
 * executable's files.
 */
export function openUnprivileged(other = nobody): Unprivileged {
  const folder = makeFolder();
  const user = process.getuid?.() === 0 ? { uid: other, gid: other } : {};
  let [node, program] = [process.execPath, root];
  if (user.uid !== undefined) {
    chmodSync(folder, 0o755);
    program = join(folder, 'program');
    node = join(program, 'node');
    for (const part of ['bin', 'dist', 'drizzle', 'package.json']) {
      cpSync(join(root, part), join(program, part), { recursive: true });
    }
    cpSync(process.execPath, node);
  }
  const own = join(folder, 'own');
  mkdirSync(own);
  if (user.uid !== undefined) chownSync(own, user.uid, user.gid);
  const runAs = (
    as: typeof user | typeof member,
    first: string,
    args: readonly string[],
    environment?: Environment,
  ) => {
    const script = `${first}; exec "$@"`;
    const command = [node, '--', join(program, 'bin/hangarbay.js'), ...args];
    return startProcess('/bin/bash', ['-c', script, 'bash', ...command], environment, as).ended;
  };
  return {
    folder: own,
    run: (first, args, environment) => runAs(user, first, args, environment),
    runAsMember: user.uid === undefined ? undefined : (args, environment) => runAs(member, 'true', args, environment),
  };
}
