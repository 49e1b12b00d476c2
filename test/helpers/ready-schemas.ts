import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/store/open.ts';

/*
 * To migrate a schema takes PostgreSQL longer than most tests take: hundreds of tests share a few. One that a test has
 * done with is emptied and entered in a list on the server, from which tests of all processes take it again.
 */

/** Before all tests: makes the list, whose name is returned. The server may be one that others use as well. */
export async function openReadySchemas(server: string): Promise<{ list: string; drop(): Promise<void> }> {
  const own = `hangarbay_tests_${randomUUID().replaceAll('-', '')}`;
  const list = `${own}.ready_schemas`;
  const client = postgres(server, { max: 1, onnotice: () => {} });
  await client.unsafe(`CREATE SCHEMA ${own};
    CREATE TABLE ${list} (name text PRIMARY KEY, shape text NOT NULL, is_taken boolean NOT NULL)`);
  return {
    list,
    async drop() {
      for (const { name } of await client.unsafe(`SELECT name FROM ${list}`)) {
        await client.unsafe(`DROP SCHEMA ${name} CASCADE`);
      }
      await client.unsafe(`DROP SCHEMA ${own} CASCADE`);
      await client.end();
    },
  };
}

/** A migrated schema with nothing in it, and how to give it back. */
export async function takeReadySchema(
  server: string,
  list: string,
  onServer: (statement: string) => Promise<readonly postgres.Row[]>,
): Promise<{ url: URL; giveBack(): Promise<void> }> {
  const [ready] = await onServer(`UPDATE ${list} SET is_taken = true WHERE name =
    (SELECT name FROM ${list} WHERE NOT is_taken LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING name`);
  const name: string = ready?.name ?? `hangarbay_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server);
  url.searchParams.set('search_path', name);
  if (ready === undefined) {
    await onServer(`CREATE SCHEMA ${name}`);
    await migrate(readConfig(['databaseUrl'], { flags: { databaseUrl: url.href }, environment: {} }).databaseUrl);
    await onServer(`INSERT INTO ${list} VALUES ('${name}', ${shapeOf(name)}, true)`);
  }
  return {
    url,
    async giveBack() {
      try {
        await onServer(emptying(name, list));
      } catch {
        // A test has changed more than rows, or its role cannot drop them, so the schema is not reused.
        await onServer(`DROP SCHEMA ${name} CASCADE; DELETE FROM ${list} WHERE name = '${name}'`);
      }
    },
  };
}

/** All but rows that a test can change: columns, triggers, constraints, rights, and the migrations table. */
function shapeOf(schema: string): string {
  const inSchema = `relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'i', 'S', 'v')`;
  return `(SELECT md5(concat(
    (SELECT string_agg(concat(relname, attname, atttypid, attnotnull, attisdropped), ',' ORDER BY relname, attnum)
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid WHERE ${inSchema}),
    (SELECT string_agg(concat(relname, relacl, relowner), ',' ORDER BY relname) FROM pg_class WHERE ${inSchema}),
    (SELECT count(*) FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE ${inSchema}),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace),
    (SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint
      WHERE connamespace = '${schema}'::regnamespace),
    (SELECT concat(nspacl, nspowner) FROM pg_namespace WHERE nspname = '${schema}'),
    (SELECT string_agg(hash, ',' ORDER BY id) FROM ${schema}.__drizzle_migrations))))`;
}

/** As if newly migrated: no rows, not even dead ones, and nothing that ANALYZE has found out about those there were. */
function emptying(schema: string, list: string): string {
  return `DO $$
    DECLARE
      touched oid[];
      tables text;
    BEGIN
      -- Whoever held the lock of the pass may be about to leave; a test that failed may never have let go of it.
      PERFORM set_config('lock_timeout', '5s', true);
      PERFORM pg_advisory_xact_lock(hashtext('hangarbay'), hashtext('${schema}'));
      IF (SELECT shape FROM ${list} WHERE name = '${schema}') <> ${shapeOf(schema)} THEN
        RAISE 'the schema is not what it was';
      END IF;
      SELECT array_agg(oid), string_agg(oid::regclass::text, ', ') INTO touched, tables FROM pg_class
        WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r' AND relname <> '__drizzle_migrations'
        AND pg_relation_size(oid) > 0;
      IF touched IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || tables || ' RESTART IDENTITY';
        DELETE FROM pg_statistic WHERE starelid = ANY (touched);
      END IF;
      UPDATE ${list} SET is_taken = false WHERE name = '${schema}';
    END $$`;
}
