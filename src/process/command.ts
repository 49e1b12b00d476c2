import type { Log } from '../log.ts';

/** What the command that runs has done so far. A process runs one; whoever runs several in a process begins each anew. */
export interface RunningCommand {
  /** Undefined until its settings are read. */
  log: Log | undefined;
  /** The last lines of its log. */
  readonly recentLines: string[];
  /** Whether the one object of `--json` is printed. */
  hasAnswered: boolean;
}

const fresh = (): RunningCommand => ({ log: undefined, recentLines: [], hasAnswered: false });

export let running = fresh();

export function beginCommand(): void {
  running = fresh();
}
