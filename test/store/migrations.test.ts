import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NotMigratedError } from '../../src/errors.ts';
import {
  type AppliedMigration,
  applyPending,
  type Migration,
  type MigrationTarget,
  migrationState,
  readMigrations,
  requireMigrated,
} from '../../src/store/migrations.ts';

const migrations: readonly Migration[] = [1, 2, 3].map((number) => ({
  name: `000${number}_step`,
  statements: [`CREATE TABLE step_${number} (id integer)`],
  hash: `hash ${number}`,
  createdAt: number * 1_000,
}));

/** A database with a ledger; `failing` migrations cannot be applied. */
function databaseWith(ledger: AppliedMigration[], failing?: string): MigrationTarget {
  return {
    label: 'the database',
    migrations,
    applied: async () => ledger,
    async apply({ name, hash, createdAt }) {
      if (name === failing) throw new Error(`${name} fails`);
      ledger.push({ hash, createdAt });
    },
  };
}

const applied = (count: number): AppliedMigration[] =>
  migrations.slice(0, count).map(({ hash, createdAt }) => ({ hash, createdAt }));

describe('what is pending', () => {
  test.each([0, 1, 3])('is applied, oldest first, after %i migrations', async (count) => {
    const ledger = applied(count);
    const state = await applyPending(databaseWith(ledger));
    expect(state.pending).toEqual(migrations.slice(count));
    expect(ledger).toEqual(applied(3));
  });

  test('stays pending after one that fails, and those before it stay applied', async () => {
    const ledger = applied(0);
    await expect(applyPending(databaseWith(ledger, '0002_step'))).rejects.toThrow('0002_step fails');
    expect(ledger).toEqual(applied(1));
    await applyPending(databaseWith(ledger));
    expect(ledger).toEqual(applied(3));
  });

  test('is named in the error about an outdated schema', async () => {
    await expect(requireMigrated(databaseWith(applied(0)))).rejects.toThrow(/not migrated. Run: hangarbay migrate/);
    await expect(requireMigrated(databaseWith(applied(1)))).rejects.toThrow(/outdated: 0002_step, 0003_step pending/);
    await expect(requireMigrated(databaseWith(applied(3)))).resolves.toBeUndefined();
  });
});

describe('a database of another program', () => {
  const unknown = { hash: 'hash 4', createdAt: 4_000 };

  test('is newer when it has a migration more', async () => {
    for (const work of [migrationState, requireMigrated, applyPending]) {
      const refused: unknown = await work(databaseWith([...applied(3), unknown])).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(NotMigratedError);
      expect(refused).toMatchObject({ message: expect.stringMatching(/newer than this program.*Install a newer/) });
    }
  });

  test('is newer when its newer migration stands in the place of one of ours', async () => {
    await expect(migrationState(databaseWith([...applied(2), unknown]))).rejects.toThrow(/newer than this program/);
  });

  test('is not touched when one of its migrations was another', async () => {
    const ledger = [{ hash: 'edited', createdAt: 1_000 }];
    await expect(applyPending(databaseWith(ledger))).rejects.toThrow(/migrated by a different 0001_step/);
    expect(ledger).toHaveLength(1);
  });
});

test.each(['sqlite', 'postgres'] as const)(
  'this program carries migrations of %s, listed as their files are',
  (dialect) => {
    const carried = readMigrations(dialect);
    expect(carried.length).toBeGreaterThan(0);
    for (const { name, statements, hash } of carried) {
      expect(name).toMatch(/^\d{4}_\w+$/);
      expect(statements.length).toBeGreaterThan(0);
      const text = readFileSync(join(import.meta.dirname, `../../drizzle/${dialect}/${name}.sql`), 'utf8');
      expect(hash).toBe(createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex'));
    }
    const files = readdirSync(join(import.meta.dirname, `../../drizzle/${dialect}`)).filter((name) =>
      name.endsWith('.sql'),
    );
    expect(carried.map(({ name }) => `${name}.sql`)).toEqual(files.toSorted());
    const times = carried.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  },
);
