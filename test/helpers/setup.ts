import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { shareHome, startPostgres } from './postgres-server.ts';
import { openReadySchemas } from './ready-schemas.ts';
import { answers, hasRedisServer, startRedis } from './redis-server.ts';
import { makeSqliteTemplate } from './templates.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    /** Absent without Redis. */
    redisUrl: string | undefined;
    /** The table of the migrated schemas that are free to be used. */
    readySchemas: string;
    /** The path of a migrated file to copy. */
    sqliteTemplate: string;
  }
}

/**
 * Before all tests: builds the program for the end-to-end tests, and starts the servers. PostgreSQL is the one in
 * HANGARBAY_TEST_POSTGRES_URL, or a private one; Redis the one in HANGARBAY_TEST_REDIS_URL, the one of this machine, or
 * a private one if `redis-server` is on the path.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
  const stops: (() => Promise<void>)[] = [];

  // More than a thousand processes load the same few modules: the first of them compiles for the rest.
  // Some write to it when all tests are done, so that it is emptied before a run and not after.
  const compiled = join(import.meta.dirname, '../../node_modules/.vite/compiled');
  rmSync(compiled, { recursive: true, force: true });
  process.env.NODE_COMPILE_CACHE = compiled;

  const home = await shareHome();
  let postgresUrl = process.env.HANGARBAY_TEST_POSTGRES_URL;
  if (!postgresUrl) {
    // This one never crashes, and nothing is to run beside the tests that they have not asked for.
    const server = await startPostgres({
      inMemory: true,
      // Old databases have no standard-conforming strings, so a statement with a backslash in a literal shows.
      settings: ['synchronous_commit=off', 'autovacuum=off', 'jit=off', 'standard_conforming_strings=off'],
    });
    stops.push(server.stop);
    postgresUrl = server.url;
  }
  project.provide('postgresUrl', postgresUrl);
  const schemas = await openReadySchemas(postgresUrl);
  // Before its server stops.
  stops.unshift(schemas.drop);
  project.provide('readySchemas', schemas.list);
  const template = await makeSqliteTemplate();
  stops.push(async () => template.drop());
  project.provide('sqliteTemplate', template.path);

  let redisUrl = process.env.HANGARBAY_TEST_REDIS_URL;
  const ownUrl = 'redis://127.0.0.1:6379';
  if (!redisUrl && (await answers(ownUrl))) redisUrl = ownUrl;
  if (!redisUrl && hasRedisServer()) {
    const server = await startRedis();
    stops.push(server.stop);
    redisUrl = server.url;
  }
  project.provide('redisUrl', redisUrl);
  stops.push(async () => home.remove());
  return async () => {
    for (const stop of stops) await stop();
  };
}
