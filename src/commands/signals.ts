import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { StopError } from '../process/stop.ts';
import { printFailure } from './output.ts';

export interface Signals {
  /** The exit code for the received signal. */
  readonly exitCode: ExitCode | undefined;
  /** Restores the default behaviour of signals. */
  ignore(): void;
}

const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;
type StopSignal = keyof typeof exitCodeOf;

/** A stopped pass must end within five seconds. */
const patienceMilliseconds = 4_500;

/** Messages for a signal, and for work that did not end in time after it. */
export interface SignalTexts {
  readonly ending: string;
  readonly overdue: string;
}

const ofPass: SignalTexts = {
  ending: 'ending the pass; stored contracts stay, the rest is left for the next pass',
  overdue: 'the pass did not end in time; the database may be hanging. The next pass closes its ledger row',
};

/** The first signal ends the work cleanly; the second ends the process at once. */
export function listenForSignals(log: Log, stop: AbortController, texts: SignalTexts = ofPass): Signals {
  let exitCode: ExitCode | undefined;
  let overdue: NodeJS.Timeout | undefined;

  /** A hanging database must not delay a service stop: uncommitted writes are rolled back. */
  function leave(signal: StopSignal): void {
    log.error(`${signal}: ${texts.overdue}`);
    printFailure(`${signal}: ${texts.overdue}`, exitCodeOf[signal]);
    process.exit(exitCodeOf[signal]);
  }
  function listener(signal: StopSignal): void {
    signals.ignore();
    exitCode = exitCodeOf[signal];
    log.warn(`${signal}: ${texts.ending}`);
    stop.abort(new StopError('signal', signal));
    overdue = setTimeout(leave, patienceMilliseconds, signal);
    overdue.unref();
  }
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);

  const signals: Signals = {
    get exitCode() {
      return exitCode;
    },
    ignore() {
      clearTimeout(overdue);
      process.removeListener('SIGINT', listener);
      process.removeListener('SIGTERM', listener);
    },
  };
  return signals;
}
