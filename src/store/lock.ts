import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockedError } from '../errors.ts';
import { type Instant, toInstant } from '../time.ts';

/** The process that holds a database's lock, as recorded by itself. */
export interface LockHolder {
  readonly host: string;
  readonly process_id: number;
  readonly since: Instant;
}

/**
 * Whether the lock is held, null if unknown, as on a standby; and the holder, null if unknown, as for an older version
 * of this program.
 */
export interface LockState {
  readonly is_held: boolean | null;
  readonly holder: LockHolder | null;
}

/** This process as the holder of a lock from now on. */
export function thisProcess(): LockHolder {
  return { host: hostname(), process_id: process.pid, since: toInstant(new Date()) };
}

/** `held by process 4711 on host-a since 2026-03-01T12:00:00Z`. */
export function heldBy(holder: LockHolder | null): string {
  if (holder === null) return 'held by an unknown process';
  return `held by process ${holder.process_id} on ${holder.host} since ${holder.since}`;
}

/** The error for a lock that another process holds. */
export function lockedError(what: string, holder: LockHolder | null): LockedError {
  return new LockedError(
    `another pass holds the lock of ${what}: ${heldBy(holder)}. Run again later, or add --wait 10m`,
  );
}

/** How long to wait for a lock. */
export interface LockWait {
  /** @default 0 */
  readonly waitMilliseconds?: number | undefined;
  /** Aborted to end the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Called once before waiting, with the reason. */
  readonly onWait?: ((why: LockedError) => void) | undefined;
}

/**
 * Takes a lock as soon as it is free.
 *
 * @param take takes the lock now, or throws a {@link LockedError}
 * @throws {LockedError} when the lock is still held after the wait, or when the signal is aborted
 */
export async function takeWhenFree<Lock>(
  take: () => Promise<Lock>,
  pollMilliseconds: number,
  { waitMilliseconds = 0, signal, onWait }: LockWait,
): Promise<Lock> {
  let deadline: number | undefined;
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof LockedError) || waitMilliseconds === 0) throw error;
      if (deadline === undefined) onWait?.(error);
      deadline ??= Date.now() + waitMilliseconds;
      const left = deadline - Date.now();
      if (left <= 0 || signal?.aborted === true) throw error;
      await sleep(Math.min(pollMilliseconds, left), undefined, { signal }).catch(() => {});
    }
  }
}
