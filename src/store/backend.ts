import type { LockWait } from './lock.ts';
import type { MigrationState } from './migrations.ts';
import type { ReadableStore } from './reader.ts';
import type { Store } from './store.ts';

/** `migrate` waits this long for a pass or another `migrate` to finish, unless it is told otherwise. */
export const migrateWaitMilliseconds = 30_000;

/** A store whose lock this process holds. */
export interface LockedStore {
  readonly store: Store;
  /** Closes the store, then frees the lock. */
  close(): Promise<void>;
}

/** What a kind of database can do; loaded only where it is used. */
export interface Backend {
  openLocked(wait: LockWait): Promise<LockedStore>;
  openForQuestions(): Promise<ReadableStore>;
  migrate(wait: LockWait): Promise<MigrationState>;
  migrationStatus(): Promise<MigrationState>;
}
