import { fork } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, startProcess } from './cli.ts';
import { environmentWith } from './executable.ts';
import { openResidents } from './residents.ts';
import { makeFolder } from './temporary.ts';
import { isThorough } from './thorough.ts';

/** To root no permission is an obstacle; this user exists on every Unix and owns nothing. */
const nobody = 65_534;
/** No user at all, but of nobody's group. */
const member = { uid: nobody - 1, gid: nobody };
const root = join(import.meta.dirname, '../..');

/** The built executable for a user whom permissions bind, and a folder that is theirs. */
export interface Unprivileged {
  readonly folder: string;
  /** Runs the executable under shell commands that come first, such as `umask 027`. */
  run(first: string, args: readonly string[], environment?: Environment): Promise<Ended>;
  /** Runs the program in a process that has run other commands of theirs. */
  runOn(args: readonly string[], environment?: Environment): Promise<Ended>;
  /** Runs it for somebody else of the same group; undefined where only root could. */
  readonly runAsMember: ((args: readonly string[], environment: Environment) => Promise<Ended>) | undefined;
  /** Removes the folder and everything else. */
  close(): void;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Whoever runs the tests, unless that is root: then another user, who may not look into the folder that the project is
 * in and so gets a copy of what the executable needs.
 */
export function openUnprivileged(other = nobody): Unprivileged {
  const folder = makeFolder();
  const user = process.getuid?.() === 0 ? { uid: other, gid: other } : {};
  let [node, program] = [process.execPath, root];
  if (user.uid !== undefined) {
    chmodSync(folder, 0o755);
    program = join(folder, 'program');
    node = join(program, 'node');
    for (const part of ['bin', 'dist', 'drizzle', 'package.json', 'test/helpers/resident.ts']) {
      cpSync(join(root, part), join(program, part), { recursive: true });
    }
    cpSync(process.execPath, node);
  }
  const own = join(folder, 'own');
  mkdirSync(own);
  if (user.uid !== undefined) chownSync(own, user.uid, user.gid);
  // The cache of the other tests is not theirs.
  const compiled = join(folder, 'compiled');
  mkdirSync(compiled);
  chmodSync(compiled, 0o777);
  const runAs = (
    as: typeof user | typeof member,
    first: string,
    args: readonly string[],
    environment?: Environment,
  ) => {
    const script = `${first}; exec "$@"`;
    const command = [node, '--', join(program, 'bin/hangarbay.js'), ...args];
    const cached = { NODE_COMPILE_CACHE: compiled, ...environment };
    return startProcess('/bin/bash', ['-c', script, 'bash', ...command], cached, as).ended;
  };
  const residents = openResidents(() =>
    fork(join(program, 'test/helpers/resident.ts'), {
      ...user,
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled },
      execPath: node,
      execArgv: [],
      serialization: 'advanced',
    }),
  );
  return {
    folder: own,
    run: (first, args, environment) => runAs(user, first, args, environment),
    runOn: (args, environment = {}) =>
      isThorough
        ? runAs(user, 'true', args, environment)
        : residents.run({ args, environment: environmentWith(environment), folder: own }),
    runAsMember: user.uid === undefined ? undefined : (args, environment) => runAs(member, 'true', args, environment),
    close() {
      residents.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
