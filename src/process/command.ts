import type { Log } from '../log.ts';

/** The state of the running command. A process runs one command; tests run several, each with a new state. */
export interface RunningCommand {
  /** Undefined before the settings are read. */
  log: Log | undefined;
  /** The last lines of its log. */
  readonly recentLines: string[];
  /** Whether the object of `--json` has been printed. */
  hasAnswered: boolean;
}

const fresh = (): RunningCommand => ({ log: undefined, recentLines: [], hasAnswered: false });

export let running = fresh();

export function beginCommand(): void {
  running = fresh();
}
