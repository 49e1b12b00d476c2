import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { compileCache, type Ended } from './executable.ts';

/** What a resident is sent. */
export interface Task {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** What it sends back. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the command has left something behind, so that no other may follow it. */
  readonly isLast: boolean;
}

export interface Residents {
  /** Runs a command of the built program in a process that has run others and will run more. */
  run(task: Task): Promise<Ended>;
  /** Ends those that wait for a command. They end with the process that has started them, too. */
  end(): void;
}

/** @param start starts a process that runs `resident.ts` */
export function openResidents(start: () => ChildProcess): Residents {
  const idle: ChildProcess[] = [];
  return {
    run(task) {
      const resident = idle.pop() ?? start();
      const { promise, resolve, reject } = Promise.withResolvers<Ended>();
      let isDone = false;
      const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
        resolve({ code, signal, stdout: '', stderr: 'the process of the command has ended' });
      // It does not outlive the test, like any other process.
      onTestFinished(() => {
        if (!isDone) resident.kill('SIGKILL');
      });
      resident.ref();
      resident.channel?.ref();
      resident.once('exit', onExit);
      resident.once('message', ({ isLast, ...answer }: Answer) => {
        isDone = true;
        resident.removeListener('exit', onExit);
        resident.unref();
        resident.channel?.unref();
        if (!isLast) idle.push(resident);
        resolve({ signal: null, ...answer });
      });
      resident.send(task, (error) => {
        if (error !== null) reject(error);
      });
      return promise;
    },
    end() {
      for (const resident of idle.splice(0)) resident.kill('SIGKILL');
    },
  };
}

/** Of the program as it is built here. */
export const residents = openResidents(() =>
  fork(join(import.meta.dirname, 'resident.ts'), {
    env: { PATH: process.env.PATH, ...compileCache() },
    execArgv: [],
    serialization: 'advanced',
  }),
);
