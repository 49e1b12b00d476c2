/** What SQLite brings, loaded only where it is used. */
export { readMigrations } from '../migrations.ts';
export { acquireLock } from './lock.ts';
export { createDatabase, withMigrations } from './migrate.ts';
export { openSqliteReader } from './reader.ts';
export { openSqliteStore } from './store.ts';
