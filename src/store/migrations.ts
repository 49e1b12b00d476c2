import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotMigratedError } from '../errors.ts';
import { packageRoot } from '../folders.ts';

/** A step of the schema, as drizzle-kit made it. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
  /** SHA-256 of the file's text, with the line ends of Unix. */
  readonly hash: string;
  /** When it was made, in milliseconds since 1970; the order of the migrations table. */
  readonly createdAt: number;
}

/** A row of the migrations table, which drizzle's migrators share, in the order of application. */
export interface AppliedMigration {
  readonly hash: string;
  readonly createdAt: number;
}

export interface MigrationState {
  readonly applied: readonly Migration[];
  readonly pending: readonly Migration[];
}

/** A database as its migrations see it. */
export interface MigrationTarget {
  /** The database for messages, without a password. */
  readonly label: string;
  readonly migrations: readonly Migration[];
  /** The rows of the migrations table; none where there is no table. */
  applied(): Promise<readonly AppliedMigration[]>;
  /** Runs one migration and enters it in the migrations table, in one transaction. */
  apply(migration: Migration): Promise<void>;
}

/**
 * The migrations of a dialect that this program carries, oldest first. Every command compares them with the database's, so
 * they are listed in one small file (`scripts/migrations.ts` makes it); their statements are read when they are applied.
 */
export function readMigrations(dialect: 'sqlite' | 'postgres'): Migration[] {
  const folder = join(packageRoot(), 'drizzle', dialect);
  const listed = JSON.parse(readFileSync(join(folder, 'migrations.json'), 'utf8')) as Omit<Migration, 'statements'>[];
  return listed.map((migration) => ({
    ...migration,
    get statements() {
      return statementsOf(readFileSync(join(folder, `${migration.name}.sql`), 'utf8'));
    },
  }));
}

/** Of a file as drizzle-kit writes it. */
function statementsOf(text: string): string[] {
  return text.split('--> statement-breakpoint').filter((statement) => statement.trim() !== '');
}

/**
 * Compares the migrations table with the migrations that this program carries.
 *
 * @throws {NotMigratedError} when the database has a migration that this program does not have
 */
export async function migrationState(target: MigrationTarget): Promise<MigrationState> {
  const applied = await target.applied();
  for (const [index, { hash, createdAt }] of applied.entries()) {
    const known = target.migrations[index];
    if (known?.hash === hash) continue;
    const newest = target.migrations.at(-1)?.createdAt ?? 0;
    throw new NotMigratedError(
      known === undefined || createdAt > newest
        ? `${target.label} is newer than this program: it has ${applied.length} migrations, this program knows ` +
            `${target.migrations.length}. Install a newer hangarbay.`
        : `${target.label} was migrated by another ${known.name} than this program's. Use the hangarbay that made it.`,
    );
  }
  return { applied: target.migrations.slice(0, applied.length), pending: target.migrations.slice(applied.length) };
}

/** Refuses a database whose schema is not the one that this program knows. */
export async function requireMigrated(target: MigrationTarget): Promise<void> {
  const { applied, pending } = await migrationState(target);
  if (pending.length === 0) return;
  throw new NotMigratedError(
    applied.length === 0
      ? `${target.label} is not migrated. Run: hangarbay migrate`
      : `${target.label} is outdated: ${pending.map(({ name }) => name).join(', ')} pending. Run: hangarbay migrate`,
  );
}

/** Applies what is pending, oldest first; one that fails or is killed leaves nothing of itself behind. */
export async function applyPending(target: MigrationTarget): Promise<MigrationState> {
  const state = await migrationState(target);
  for (const migration of state.pending) await target.apply(migration);
  return state;
}
