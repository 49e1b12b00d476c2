import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { DatabaseLocation } from '../../store/location.ts';
import type { LockWait } from '../../store/lock.ts';
import { openLocked } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { printFailure } from '../output.ts';
import { listenForSignals } from '../signals.ts';

export interface Locked {
  readonly databaseUrl: DatabaseLocation;
  readonly log: Log;
  readonly wait?: LockWait;
  /** Messages for a signal, and for work that did not end in time after it. */
  readonly signalTexts: Parameters<typeof listenForSignals>[2];
}

/**
 * Runs work on the database under its lock, like a pass. After SIGINT or SIGTERM the work's signal is aborted, and the
 * exit code is that of the signal.
 */
export async function withLockedStore(
  { databaseUrl, log, wait, signalTexts }: Locked,
  work: (store: Store, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signals = listenForSignals(log, stop, signalTexts);
  try {
    const { store, close } = await openLocked(databaseUrl, { ...wait, signal: stop.signal });
    try {
      await work(store, stop.signal);
    } finally {
      await close();
    }
  } catch (error) {
    if (signals.exitCode === undefined) throw error;
    log.debug(messageOf(error));
    printFailure(messageOf(error), signals.exitCode);
    process.exitCode = signals.exitCode;
  } finally {
    signals.ignore();
  }
}
