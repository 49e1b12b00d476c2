import { type SQL, sql } from 'drizzle-orm';
import { LockedError } from '../../errors.ts';
import { migrateWaitMilliseconds } from '../backend.ts';
import { type LockWait, lockedError } from '../lock.ts';
import { type AppliedMigration, type MigrationTarget, readMigrations } from '../migrations.ts';
import { labelOf } from './address.ts';
import { type Client, connect, type Session } from './connection.ts';
import { codeOf, explained } from './errors.ts';
import { setKeepalive } from './keepalive.ts';
import { lockKey, lockStateOf } from './lock.ts';
import { execute } from './statement.ts';

const lockNotAvailable = '55P03';

/** Runs work on a database's migrations, over one connection and without prepared statements, for poolers. */
export async function withMigrations<Result>(
  url: string,
  work: (target: MigrationTarget) => Promise<Result>,
  wait: LockWait = {},
): Promise<Result> {
  const client = connect(url, { connections: 1 });
  try {
    return await work(migrationTarget(client, url, wait));
  } catch (error) {
    throw explained(url, error);
  } finally {
    await client.end({ timeout: 5 });
  }
}

function migrationTarget(client: Client, url: string, wait: LockWait): MigrationTarget {
  const label = labelOf(url);
  const { waitMilliseconds = migrateWaitMilliseconds, onWait } = wait;

  async function lock(transaction: Session): Promise<void> {
    const [tried] = await execute<{ held: boolean }>(
      transaction,
      sql`SELECT pg_try_advisory_xact_lock(${lockKey}) AS held`,
    );
    if (tried?.held === true) return;
    const locked = lockedError(label, (await lockStateOf(transaction)).holder);
    if (waitMilliseconds === 0) throw locked;
    onWait?.(locked);
    await execute(transaction, sql`SELECT pg_advisory_xact_lock(${lockKey})`);
  }

  return {
    label,
    migrations: readMigrations('postgres'),
    async applied() {
      const [table] = await execute<{ exists: boolean }>(
        client,
        sql`SELECT to_regclass('__drizzle_migrations') IS NOT NULL AS exists`,
      );
      if (table?.exists !== true) return [];
      const rows = sql`SELECT hash, created_at AS "createdAt" FROM __drizzle_migrations ORDER BY created_at`;
      return execute<AppliedMigration>(client, rows);
    },
    async apply({ statements, hash, createdAt }) {
      try {
        await client.begin(async (transaction) => {
          const run = (statement: SQL) => execute<unknown>(transaction, statement);
          // Set per transaction for poolers; waits for a pass or another migration.
          await run(sql.raw(`SET LOCAL lock_timeout = ${Math.max(Math.round(waitMilliseconds), 1)}`));
          await run(setKeepalive(url, true));
          await lock(transaction);
          await run(sql`CREATE TABLE IF NOT EXISTS __drizzle_migrations
            (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`);
          // Another host may have been faster.
          const done = await run(sql`SELECT 1 AS done FROM __drizzle_migrations WHERE hash = ${hash}`);
          if (done.length > 0) return;
          for (const statement of statements) await run(sql.raw(statement));
          await run(sql`INSERT INTO __drizzle_migrations (hash, created_at) VALUES (${hash}, ${createdAt})`);
        });
      } catch (error) {
        if (codeOf(error) !== lockNotAvailable) throw error;
        throw new LockedError(`${label} was locked for ${waitMilliseconds / 1_000} s; try again later`, {
          cause: error,
        });
      }
    },
  };
}
