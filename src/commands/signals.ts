import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { StopError } from '../process/stop.ts';
import { printFailure } from './output.ts';

export interface Signals {
  /** What the signal asked for, once one has come. */
  readonly exitCode: ExitCode | undefined;
  /** From then on signals do what they do by default. */
  ignore(): void;
}

const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;
type StopSignal = keyof typeof exitCodeOf;

/** A stopped pass is to end within five seconds. */
const patienceMilliseconds = 4_500;

/** Messages: when a signal comes, and when the work did not end in time after it. */
export interface SignalTexts {
  readonly ending: string;
  readonly overdue: string;
}

const ofPass: SignalTexts = {
  ending: 'ending the pass; what is stored stays, the rest waits for the next pass',
  overdue: 'the pass did not end in time, perhaps because the database hangs; the next pass closes its row',
};

/** The first signal ends the work in order; the second ends the process at once. */
export function listenForSignals(log: Log, stop: AbortController, texts: SignalTexts = ofPass): Signals {
  let exitCode: ExitCode | undefined;
  let overdue: NodeJS.Timeout | undefined;

  /** A database that hangs must not hang whoever stops the service: what is not committed is rolled back. */
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
