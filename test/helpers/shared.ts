import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, inject } from 'vitest';
import { migrate, openLocked } from '../../src/store/open.ts';
import { type Backing, databaseAt, sqlite, type TestDatabase } from './backings.ts';
import { fill, type GivenContract } from './contracts.ts';
import { type Market, market } from './market.ts';
import { saveUniverse } from './universe.ts';

/**
 * A database that the tests around it only read: filled once before them, gone after them. By default it holds the
 * market. What is returned gives it to a test.
 */
export function sharedMarket(backing: Backing, contracts: readonly GivenContract[] = market): () => Market {
  let shared: Market | undefined;
  let drop = async () => {};
  beforeAll(async () => {
    const made = await newDatabase(backing);
    drop = made.drop;
    await migrate(made.database.location);
    const locked = await openLocked(made.database.location);
    await saveUniverse(locked.store);
    const filled = await fill(locked.store, contracts);
    await locked.close();
    shared = { ...filled, database: made.database };
  });
  afterAll(() => drop());
  return () => {
    if (shared === undefined) throw new Error('the database is not filled yet');
    return shared;
  };
}

async function newDatabase(backing: Backing): Promise<{ database: TestDatabase; drop: () => Promise<void> }> {
  if (backing === sqlite) {
    const folder = mkdtempSync(join(tmpdir(), 'hangarbay test '));
    const database = databaseAt(`sqlite:${join(folder, 'contracts.db')}`);
    return { database, drop: async () => rmSync(folder, { recursive: true, force: true }) };
  }
  const server = inject('postgresUrl');
  const name = `hangarbay_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return { database: databaseAt(url.href), drop: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  await client.unsafe(statement);
  await client.end();
}
