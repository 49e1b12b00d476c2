import { getTableName } from 'drizzle-orm';
import { neededKindNames, tableOf } from '../../eve/reference.ts';
import type { Backend, LockedStore } from '../backend.ts';
import { applyPending, migrationState, requireMigrated } from '../migrations.ts';
import { createStore } from '../operations/operations.ts';
import * as schema from '../schema/postgres.ts';
import { postgresBulkWriter } from './bulk.ts';
import { type Commits, rememberCommits } from './commits.ts';
import { openPool } from './connection.ts';
import { contractWriter } from './contracts.ts';
import { createPostgresDriver, surviveRestarts } from './driver.ts';
import { explained } from './errors.ts';
import { keepaliveParameters } from './keepalive.ts';
import { acquireLock, type PostgresLock } from './lock.ts';
import { withMigrations } from './migrate.ts';
import { openPostgresReader } from './reader.ts';

/** Enough to keep two cores of a server busy; more connections only wait for each other. */
export const usualConnections = 10;

/** Tables that a pass fills; those of reference data follow from their kinds. */
const contractTables = ['contracts', 'contract_items', 'contract_backlog', 'contract_bids', 'contract_changes'];

/** A database on a server. */
export function postgresBackend(url: string, connections = usualConnections): Backend {
  return {
    async openLocked(wait) {
      await withMigrations(url, requireMigrated);
      try {
        const commits = rememberCommits(url);
        return await openStore(await acquireLock(url, commits, wait), commits, wait.signal);
      } catch (error) {
        throw explained(url, error);
      }
    },
    async openForQueries() {
      await withMigrations(url, requireMigrated);
      return openPostgresReader(url);
    },
    migrate: (wait) => withMigrations(url, applyPending, wait),
    migrationStatus: () => withMigrations(url, migrationState),
  };

  async function openStore(
    lock: PostgresLock,
    commits: Commits,
    signal: AbortSignal | undefined,
  ): Promise<LockedStore> {
    const pool = openPool(url, { connections, ...(lock.isPooled ? {} : { parameters: keepaliveParameters(url) }) });
    async function close(): Promise<void> {
      await pool.close();
      await lock.release();
    }
    try {
      const survive = surviveRestarts(url, pool, lock, signal);
      const store = await createStore(createPostgresDriver(survive, commits), schema, {
        storeContracts: contractWriter(survive, commits),
        writeInBulk: postgresBulkWriter(url, pool, lock),
        async analyze() {
          // Autovacuum analyzes only after a while, and until then the server plans as if the tables were empty.
          const tables = [...contractTables, ...neededKindNames.map((kind) => tableOf(kind).table)];
          await survive((current) => current.unsafe(`ANALYZE ${tables.join(', ')}`));
        },
        async vacuum() {
          // Not FULL, which locks out readers; the space is used for new contracts.
          const tables = Object.values(schema).map((table) => getTableName(table));
          await survive((current) =>
            current.unsafe(`VACUUM (ANALYZE) ${tables.map((name) => `"${name}"`).join(', ')}`),
          );
        },
      });
      return { store, close };
    } catch (error) {
      await close();
      throw error;
    }
  }
}
