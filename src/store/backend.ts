import type { LockWait } from './lock.ts';
import type { MigrationState } from './migrations.ts';
import type { ReadableStore } from './reader.ts';
import type { Store } from './store.ts';

/** How long `migrate` waits by default for a pass or another `migrate` to finish. */
export const migrateWaitMilliseconds = 30_000;

/** A store whose lock this process holds. */
export interface LockedStore {
  readonly store: Store;
  /** Closes the store, then releases the lock. */
  close(): Promise<void>;
}

/** The operations of a kind of database, loaded only when used. */
export interface Backend {
  openLocked(wait: LockWait): Promise<LockedStore>;
  openForQueries(): Promise<ReadableStore>;
  migrate(wait: LockWait): Promise<MigrationState>;
  migrationStatus(): Promise<MigrationState>;
}
