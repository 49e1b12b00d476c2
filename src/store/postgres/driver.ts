import { setTimeout as sleep } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import { StorageError } from '../../errors.ts';
import { storageErrorOf } from '../failures.ts';
import type { Dialect, Driver, Script } from '../script.ts';
import { labelOf } from './address.ts';
import { type Commits, currentTransaction } from './commits.ts';
import type { Client, Pool, Session } from './connection.ts';
import { isAboutData, isConnectionLost, isPassing, unreachable } from './errors.ts';
import type { PostgresLock } from './lock.ts';
import { compile, execute } from './statement.ts';

/**
 * Lists and rows are passed as one JSON parameter: their number is unlimited, and the statement's text stays the same.
 */
export const postgresDialect: Dialect = {
  values: (kind, values) =>
    sql`SELECT value::${sql.raw(columnTypes[kind])} AS value FROM json_array_elements_text(${JSON.stringify(values)}::json)`,
  rows(kinds, rows) {
    const columns = Object.entries(kinds).map(
      ([name, kind]) => sql`${sql.identifier(name)} ${sql.raw(columnTypes[kind])}`,
    );
    const values = Object.entries(kinds).map(([name, kind]) =>
      kind === 'json' ? sql`${sql.identifier(name)}::jsonb AS ${sql.identifier(name)}` : sql.identifier(name),
    );
    return sql`SELECT ${sql.join(values, sql`, `)}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS given(${sql.join(columns, sql`, `)})`;
  },
  *notListed(contractIds) {
    // Old statistics may let the planner read the whole history.
    yield sql`SELECT set_config('enable_seqscan', 'off', true)`;
    // The planner knows the length of an array and therefore reads the listed contracts once. JSON has a hundred ids for
    // it, and it would look each of them up, in twice the time.
    return (yield sql`
      SELECT value FROM unnest(${`{${contractIds.join()}}`}::bigint[]) AS value
      WHERE NOT EXISTS (SELECT 1 FROM contracts WHERE contracts.contract_id = value AND gone_at IS NULL)
    `) as readonly { value: string }[];
  },
};

const columnTypes = {
  id: 'bigint',
  text: 'text',
  instant: 'timestamptz',
  isk: 'double precision',
  real: 'double precision',
  boolean: 'boolean',
  json: 'text',
} as const;

/** How long to wait for a lost server, which may be restarting. */
const patienceMilliseconds = 20_000;
const longestPauseMilliseconds = 1_000;

/**
 * Runs work on the server, and repeats it if the connection was lost: the work must be idempotent. If the lost attempt
 * had been committed, the counts are those of the repetition, so a pass's summary may lack new contracts or bids that
 * are in the tables and in the changes.
 */
export type Survive = <Result>(work: (client: Client) => Promise<Result>) => Promise<Result>;

/**
 * Waits for a restarting server, then takes the lock again before any write. Interrupted work was either rolled back or
 * committed without an answer.
 *
 * @throws {StorageError} when the server does not come back in time, or the pass is stopped
 * @throws {LockedError} when another pass has taken the lock meanwhile
 */
export function surviveRestarts(url: string, pool: Pool, lock: PostgresLock, signal: AbortSignal | undefined): Survive {
  let givenUp: StorageError | undefined;
  return async (work) => {
    if (givenUp !== undefined) throw givenUp;
    let deadline: number | undefined;
    for (let pause = 100; ; pause = Math.min(pause * 2, longestPauseMilliseconds)) {
      const { client } = pool;
      try {
        await lock.ensure();
        return await work(client);
      } catch (error) {
        const passes = isPassing(error);
        // Errors about rows belong to the code that writes them.
        if (isAboutData(error)) throw error;
        // The server is a different one, so all waiting work fails with the same error.
        if (error instanceof StorageError) givenUp ??= error;
        if (!passes && !isConnectionLost(error)) throw storageErrorOf(error, labelOf(url)) ?? error;
        // Other connections of the pool may still work.
        if (!passes) pool.replace(client);
        deadline ??= Date.now() + patienceMilliseconds;
        if (Date.now() >= deadline || signal?.aborted) {
          if (passes) throw storageErrorOf(error, labelOf(url)) ?? error;
          // All other work that waits for this server fails with the same error.
          givenUp ??= unreachable(url, error);
          throw givenUp;
        }
      }
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
  };
}

const numbered = compile(sql`SELECT ${currentTransaction} AS transaction`);

export function createPostgresDriver(survive: Survive, commits: Commits): Driver {
  async function run<Result>(session: Session, script: Script<Result>): Promise<Result> {
    let step = script.next();
    while (!step.done) step = script.next(await execute(session, step.value as SQL, { isPrepared: true }));
    return step.value;
  }
  return {
    dialect: postgresDialect,
    read: (statement) => survive((client) => execute(client, statement, { isPrepared: true })),
    async transact<Result>(script: () => Script<Result>) {
      const [result, transaction] = await survive((client) =>
        client.begin(async (session) => {
          const done = await run(session, script());
          const [row] = await execute<{ transaction: number | null }>(session, numbered, { isPrepared: true });
          return [done, row?.transaction ?? null] as const;
        }),
      );
      commits.add(transaction);
      return result as Result;
    },
  };
}
