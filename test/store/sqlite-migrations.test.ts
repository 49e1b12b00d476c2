import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SqliteClient from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NotMigratedError, StorageError } from '../../src/errors.ts';
import { storageErrorOf } from '../../src/store/failures.ts';
import type { Migration } from '../../src/store/migrations.ts';
import { applyPending } from '../../src/store/migrations.ts';
import { migrate, migrationStatus, openForQueries, openLocked } from '../../src/store/open.ts';
import { withMigrations } from '../../src/store/sqlite/migrate.ts';
import { databaseAt } from '../helpers/backings.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

function newDatabase() {
  const path = join(temporaryFolder(), 'contracts.db');
  return { path, location: databaseAt(path).location };
}

function client(path: string): SqliteClient.Database {
  const database = new SqliteClient(path);
  onTestFinished(() => {
    database.close();
  });
  return database;
}

function tablesIn(path: string): unknown[] {
  return client(path).prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
}

/** Leaves the journal of a killed process behind, without its database. */
function leaveJournalOf(path: string, mode: 'WAL' | 'DELETE'): void {
  const killed = client(path);
  killed.pragma(`journal_mode = ${mode}`);
  killed.exec('CREATE TABLE of_another_database (text text)');
  const insert = killed.prepare('INSERT INTO of_another_database SELECT hex(randomblob(2000))');
  killed.transaction(() => {
    for (let row = 0; row < 100; row += 1) insert.run();
  })();
  // With so small a cache the transaction is on the disk in part before it ends.
  killed.pragma('cache_size = 1');
  killed.exec("BEGIN; UPDATE of_another_database SET text = 'written'");
  const suffixes = ['-wal', '-shm', '-journal'].filter((suffix) => existsSync(path + suffix));
  for (const suffix of suffixes) copyFileSync(path + suffix, `${path}.left${suffix}`);
  killed.close();
  rmSync(path);
  for (const suffix of suffixes) renameSync(`${path}.left${suffix}`, path + suffix);
}

/** Everything that has a migrated database refused. */
async function expectRefusal(path: string, message: RegExp): Promise<void> {
  const { location } = databaseAt(path);
  for (const work of [openLocked, openForQueries, migrate, migrationStatus]) {
    const refused: unknown = await work(location).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotMigratedError);
    expect(refused).toMatchObject({ message: expect.stringMatching(message) });
  }
}

describe('a migration', () => {
  const failing: Migration = {
    name: '9999_failing',
    statements: ['CREATE TABLE half_way (id integer)', 'CREATE TABLE contracts (id integer)'],
    hash: 'failing',
    createdAt: 9e15,
  };

  test('that fails half-way leaves nothing of itself behind', async () => {
    const { path, location } = newDatabase();
    await migrate(location);
    const before = tablesIn(path);
    const work = withMigrations(path, 'write', (target) =>
      applyPending({ ...target, migrations: [...target.migrations, failing] }),
    );
    await expect(work).rejects.toThrow(/contracts already exists/);
    expect(tablesIn(path)).toEqual(before);
    expect((await migrationStatus(location)).pending).toEqual([]);
  });

  test('that is killed half-way leaves nothing of itself behind', async () => {
    const { path, location } = newDatabase();
    await migrate(location);
    const before = tablesIn(path);
    const killed = spawnSync(process.execPath, [join(import.meta.dirname, 'killed-migration.ts'), path]);
    expect(killed.signal).toBe('SIGKILL');
    expect(tablesIn(path)).toEqual(before);
    await migrate(location);
    const locked = await openLocked(location);
    await locked.close();
  });

  test('that is killed as the first one of all is simply repeated', async () => {
    const { path, location } = newDatabase();
    const killed = spawnSync(process.execPath, [join(import.meta.dirname, 'killed-migration.ts'), path]);
    expect(killed.signal).toBe('SIGKILL');
    expect((await migrationStatus(location)).applied).toEqual([]);
    await migrate(location);
    expect((await migrationStatus(location)).pending).toEqual([]);
  });
});

describe('a first pass', () => {
  test('creates the database and its folder', async () => {
    const path = join(temporaryFolder(), 'not', 'there', 'contracts.db');
    const { location } = databaseAt(path);
    const locked = await openLocked(location);
    await locked.close();
    // One file, which a person can copy.
    expect(readdirSync(dirname(path)).filter((name) => !name.endsWith('.lock'))).toEqual([basename(path)]);
    expect((await migrationStatus(location)).pending).toEqual([]);
  });

  test('is not disturbed by one that was killed while creating the database', async () => {
    const { path, location } = newDatabase();
    for (const suffix of ['.new', '.new-wal', '.new-journal']) writeFileSync(path + suffix, 'half a file');
    const locked = await openLocked(location);
    await locked.close();
    expect((await migrationStatus(location)).pending).toEqual([]);
  });

  test.each([
    ['WAL', 'aggregate'],
    ['WAL', 'migrate'],
    ['DELETE', 'aggregate'],
    ['DELETE', 'migrate'],
  ] as const)(
    'is not damaged by the %s journal of a killed process whose database was removed: %s',
    async (mode, by) => {
      const { path, location } = newDatabase();
      leaveJournalOf(path, mode);
      expect(readdirSync(dirname(path)).toSorted()).toEqual(
        mode === 'WAL' ? ['contracts.db-shm', 'contracts.db-wal'] : ['contracts.db-journal'],
      );
      if (by === 'migrate') await migrate(location);
      const locked = await openLocked(location);
      await locked.store.writeMeta('written', 'after');
      await locked.close();
      expect(client(path).pragma('integrity_check', { simple: true })).toBe('ok');
      expect(tablesIn(path)).not.toContain('of_another_database');
      expect((await migrationStatus(location)).pending).toEqual([]);
    },
  );

  test('refuses a database that is there and not migrated, and leaves it alone', async () => {
    const { path, location } = newDatabase();
    client(path).exec('CREATE TABLE notes (text text)');
    await expect(openLocked(location)).rejects.toThrow(/not migrated. Run: hangarbay migrate/);
    expect(tablesIn(path)).toEqual(['notes']);
    await migrate(location);
    const locked = await openLocked(location);
    await locked.close();
  });
});

describe('a database', () => {
  test('that is newer than this program is refused', async () => {
    const { path, location } = newDatabase();
    await migrate(location);
    client(path).prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run('newer', 9e15);
    await expectRefusal(path, /newer than this program/);
  });

  test('whose migration was another than ours is refused', async () => {
    const { path, location } = newDatabase();
    await migrate(location);
    client(path).exec("UPDATE __drizzle_migrations SET hash = 'edited'");
    await expectRefusal(path, /migrated by a different/);
  });

  test('that does not exist is not made by asking', async () => {
    const { path, location } = newDatabase();
    await expect(openForQueries(location)).rejects.toBeInstanceOf(NotMigratedError);
    expect((await migrationStatus(location)).applied).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  test('that is not a database is reported', async () => {
    const { path, location } = newDatabase();
    writeFileSync(path, 'this is a text file, and longer than the header of a database: '.repeat(20));
    for (const work of [openLocked, openForQueries, migrate, migrationStatus]) {
      const refused: unknown = await work(location).catch((error: unknown) => error);
      const explained = refused instanceof StorageError ? refused : storageErrorOf(refused);
      expect(explained?.message).toMatch(/not a database/);
    }
  });
});
