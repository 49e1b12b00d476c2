import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { readConfig } from '../src/config.ts';
import type { DatabaseLocation } from '../src/store/location.ts';
import { startPostgres } from '../test/helpers/postgres-server.ts';

/**
 * Runs a measurement on SQLite and on PostgreSQL, each with a new database that is dropped afterwards. PostgreSQL is a
 * private server with default durability, or the one in HANGARBAY_TEST_POSTGRES_URL.
 */
export async function onEachDatabase(
  measure: (name: string, location: DatabaseLocation) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-bench-'));
  await measure('SQLite', { dialect: 'sqlite', path: join(folder, 'bench.db') });
  rmSync(folder, { recursive: true });

  const given = process.env.HANGARBAY_TEST_POSTGRES_URL;
  const server = given === undefined ? await startPostgres({ durable: true }) : undefined;
  const url = new URL(given ?? server?.url ?? '');
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  await admin`DROP DATABASE IF EXISTS hangarbay_bench`;
  await admin`CREATE DATABASE hangarbay_bench`;
  const [version] = await admin<{ server_version: string }[]>`SHOW server_version`;
  url.pathname = 'hangarbay_bench';
  await measure(`PostgreSQL ${version?.server_version}`, { dialect: 'postgres', url: url.href });
  await admin`DROP DATABASE hangarbay_bench WITH (FORCE)`;
  await admin.end();
  await server?.stop();
}

/** The location in an argument, like `--database-url`. */
export function locationOf(databaseUrl: string): DatabaseLocation {
  return readConfig(['databaseUrl'], { flags: { databaseUrl }, environment: {} }).databaseUrl;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The machine, for the interpretation of results. */
export const machine = `${cpus().length} cores, Node ${process.version}`;
