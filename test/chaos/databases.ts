import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { readConfig } from '../../src/config.ts';
import type { DatabaseLocation } from '../../src/store/location.ts';

/** An empty database for one scenario. */
export interface ChaosDatabase {
  readonly location: DatabaseLocation;
  /** The environment variables for the executable. */
  readonly environment: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** A kind of database to test. */
export interface ChaosBacking {
  readonly name: string;
  make(): Promise<ChaosDatabase>;
}

export const sqliteFiles: ChaosBacking = {
  name: 'SQLite',
  async make() {
    const folder = mkdtempSync(join(tmpdir(), 'hangarbay chaos '));
    const drop = async () => rmSync(folder, { recursive: true, force: true });
    return { ...databaseAt(`sqlite:${join(folder, 'chaos.db')}`), drop };
  },
};

/** Schemas on a PostgreSQL server, with validators in Redis if there is one. */
export function postgresSchemas(server: string, redis?: string): ChaosBacking {
  return {
    name: redis === undefined ? 'PostgreSQL' : 'PostgreSQL with Redis',
    async make() {
      const schema = `chaos_${randomUUID().replaceAll('-', '')}`;
      await onServer(server, `CREATE SCHEMA ${schema}`);
      const url = new URL(server);
      url.searchParams.set('search_path', schema);
      const drop = () => onServer(server, `DROP SCHEMA ${schema} CASCADE`);
      return { ...databaseAt(url.href, redis), drop };
    },
  };
}

function databaseAt(url: string, redis?: string): Omit<ChaosDatabase, 'drop'> {
  const { databaseUrl } = readConfig(['databaseUrl'], { flags: { databaseUrl: url }, environment: {} });
  const cache = redis === undefined ? undefined : { HANGARBAY_CACHE_URL: redis };
  return { location: databaseUrl, environment: { HANGARBAY_DATABASE_URL: url, ...cache } };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  await client.unsafe(statement);
  await client.end();
}
