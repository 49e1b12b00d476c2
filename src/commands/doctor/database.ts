import { sql } from 'drizzle-orm';
import type { Config } from '../../config.ts';
import { staleAfterMilliseconds } from '../../query/engine/freshness.ts';
import { readStatus, type Status } from '../../query/status/status.ts';
import { heldBy, type LockState } from '../../store/lock.ts';
import { migrationStatus, openForQueries } from '../../store/open.ts';
import type { Reader } from '../../store/reader.ts';
import { type Finding, notice, ok, problem } from './finding.ts';

const dayMilliseconds = 24 * 60 * 60_000;
/** CCP publishes static data after every patch, every few weeks. */
const oldStaticDataDays = 60;
const longPassMilliseconds = 3 * 60 * 60_000;

/** Whether the database can be used, and its state. */
export async function databaseFindings({
  databaseUrl,
  regions,
}: Config<'databaseUrl' | 'regions'>): Promise<Finding[]> {
  const isSqlite = databaseUrl.dialect === 'sqlite';
  const { applied, pending } = await migrationStatus(databaseUrl);
  if (applied.length === 0) {
    const command = isSqlite ? 'hangarbay aggregate (or: hangarbay migrate)' : 'hangarbay migrate';
    return [problem('migrations', 'the database does not exist or is not migrated', `run: ${command}`)];
  }
  if (pending.length > 0) return [problem('migrations', `${pending.length} pending`, 'run: hangarbay migrate')];
  const store = await openForQueries(databaseUrl);
  try {
    const lock = await store.lockState();
    const question = { regions, maxAgeMilliseconds: staleAfterMilliseconds };
    return await store.read(async (reader) => {
      const status = await readStatus(question, reader, lock);
      return [
        ok('migrations', `all ${applied.length} applied`),
        await (isSqlite ? sqliteFinding(reader) : postgresFinding(reader)),
        ...(isSqlite ? [] : [await rightsFinding(reader)]),
        lockFinding(lock),
        passesFinding(status),
        staticDataFinding(status),
      ];
    });
  } finally {
    await store.close();
  }
}

async function sqliteFinding(reader: Reader): Promise<Finding> {
  const [row] = await reader.all<{ version: string }>(sql`SELECT sqlite_version() AS version`);
  return ok('database', `SQLite ${row?.version}`);
}

async function postgresFinding(reader: Reader): Promise<Finding> {
  const [row] = await reader.all<{ version: string; number: number; standby: boolean }>(sql`
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
      pg_is_in_recovery() AS standby`);
  const found = `PostgreSQL ${row?.version}`;
  if ((row?.number ?? 0) < 150_000) return problem('database', found, 'PostgreSQL 15 or newer is required');
  if (row?.standby === true)
    return notice('database', `${found}, a standby`, "it can be queried; use the primary's address for passes");
  return ok('database', found);
}

async function rightsFinding(reader: Reader): Promise<Finding> {
  const [row] = await reader.all<{ write: boolean; create: boolean }>(sql`
    SELECT has_table_privilege('contracts', 'INSERT, UPDATE, DELETE') AS write,
      has_schema_privilege(current_schema(), 'CREATE') AS create`);
  if (row?.write !== true)
    return notice('rights', 'the role is read-only', 'it can query; passes need a role with write access');
  if (!row.create)
    return notice(
      'rights',
      'the role can write but not create tables',
      'run hangarbay migrate as the owner of the tables',
    );
  return ok('rights', 'the role can write and migrate');
}

function lockFinding({ is_held, holder }: LockState): Finding {
  if (is_held === null) return ok('lock', 'cannot be determined from this host');
  if (!is_held) return ok('lock', 'free');
  const isLong = holder !== null && Date.now() - Date.parse(holder.since) > longPassMilliseconds;
  const advice = 'check that process; --max-duration limits the duration of passes';
  return isLong ? notice('lock', heldBy(holder), advice) : ok('lock', heldBy(holder));
}

function passesFinding({ verdict, last_run, regions }: Status): Finding {
  if (verdict === 'no_successful_pass')
    return problem('passes', 'no pass has succeeded yet', 'run: hangarbay aggregate');
  const found = `the last pass was ${last_run?.outcome} at ${last_run?.finished_at}`;
  if (verdict === 'fresh') return ok('passes', found);
  const stale = regions.filter(({ is_fresh }) => !is_fresh).length;
  const advice = 'check hangarbay status, and that cron or the timer runs';
  return notice('passes', `${found}; ${stale} of ${regions.length} regions are stale`, advice);
}

function staticDataFinding({ static_data }: Status): Finding {
  const run = 'run: hangarbay import sde --if-newer';
  if (static_data === null)
    return notice('static data', 'not imported; passes request this data from ESI instead', run);
  const at = static_data.released_at ?? static_data.imported_at;
  const days = Math.floor((Date.now() - Date.parse(at)) / dayMilliseconds);
  const found = `build ${static_data.build}, ${days} days old`;
  return days > oldStaticDataDays ? notice('static data', found, run) : ok('static data', found);
}
