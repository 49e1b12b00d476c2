import { existsSync, renameSync, rmSync } from 'node:fs';
import type { SqliteAccess } from '../location.ts';
import { applyPending, type MigrationTarget, readMigrations } from '../migrations.ts';
import { type Client, fileErrorOf, openForReading, openForWriting } from './connection.ts';

/** drizzle's own table, so that its tools work with the database. */
const migrationsTable = '__drizzle_migrations';

export function migrationTarget(client: Client, path: string): MigrationTarget {
  return {
    label: `the database ${path}`,
    migrations: readMigrations('sqlite'),
    async applied() {
      const exists = client.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(migrationsTable);
      if (exists === undefined) return [];
      return client
        .prepare(`SELECT hash, created_at AS createdAt FROM ${migrationsTable} ORDER BY created_at`)
        .all() as {
        hash: string;
        createdAt: number;
      }[];
    },
    async apply({ statements, hash, createdAt }) {
      const run = client.transaction(() => {
        client.exec(
          `CREATE TABLE IF NOT EXISTS ${migrationsTable} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
        );
        for (const statement of statements) client.exec(statement);
        client.prepare(`INSERT INTO ${migrationsTable} (hash, created_at) VALUES (?, ?)`).run(hash, createdAt);
      });
      run.immediate();
    },
  };
}

/** Runs work on an existing database file's migrations, read-only unless it makes changes. */
export async function withMigrations<Result>(
  path: string,
  access: 'read' | 'write',
  work: (target: MigrationTarget) => Promise<Result>,
  how?: SqliteAccess,
): Promise<Result> {
  const client = access === 'read' ? openForReading(path, how) : openForWriting(path);
  try {
    return await work(migrationTarget(client, path));
  } catch (error) {
    throw fileErrorOf(error, `the database ${path}`, path) ?? error;
  } finally {
    client.close();
  }
}

/** Creates a new database under another name first, so that a kill never leaves one without a schema. */
export async function createDatabase(path: string): Promise<void> {
  const unfinished = `${path}.new`;
  rmSync(unfinished, { force: true });
  removeJournals(unfinished);
  await withMigrations(unfinished, 'write', applyPending);
  if (existsSync(path)) {
    rmSync(unfinished);
    return;
  }
  removeJournals(path);
  renameSync(unfinished, path);
}

/**
 * Removes files that a killed process left next to a database that no longer exists: SQLite would use them for the next
 * database of that name, and removes them itself before it fills an empty file. A process that still reads the removed
 * database has these files open and does not need their names.
 */
function removeJournals(path: string): void {
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}
