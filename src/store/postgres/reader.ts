import { type SQL, sql } from 'drizzle-orm';
import { messageOf, StorageError } from '../../errors.ts';
import { type Instant, toInstant } from '../../time.ts';
import { type BatchSizes, batchSizes } from '../batches.ts';
import type { ReadableStore, Reader } from '../reader.ts';
import { labelOf } from './address.ts';
import { connect } from './connection.ts';
import { explained, isConnectionLost, isPassing } from './errors.ts';
import { lockStateOf } from './lock.ts';
import { compile, execute } from './statement.ts';
import { transaction } from './transaction.ts';

/** Opens a migrated database for queries, over one connection and without prepared statements, for poolers. */
export function openPostgresReader(url: string): ReadableStore {
  const client = connect(url, { connections: 1 });
  return {
    async read<Result>(work: (reader: Reader) => Promise<Result>, now = toInstant(new Date())) {
      let isRepeatable = true;
      // One snapshot for all statements.
      const readOnce = () =>
        transaction(client, 'ISOLATION LEVEL REPEATABLE READ READ ONLY', async (session) => {
          const run: Run = (statement) => execute(session(), compile(statement, { now }));
          await run(settings);
          const reader = readerOver(run, now, () => {
            isRepeatable = false;
          });
          return work(reader);
        });
      try {
        return await readOnce().catch((error: unknown) => {
          // Rows handed out in batches may have been printed already.
          if (!isInterruption(error) || !isRepeatable) throw error;
          return readOnce();
        });
      } catch (error) {
        throw isInterruption(error) && !isRepeatable ? interrupted(url, error) : explained(url, error);
      }
    },
    lockState: () => lockStateOf(client),
    async bytes() {
      const [row] = await execute<{ bytes: number }>(client, sql`SELECT pg_database_size(current_database()) AS bytes`);
      return Number(row?.bytes ?? 0);
    },
    close: () => client.end({ timeout: 5 }),
  };
}

/**
 * Queries read few of many rows: JIT compilation or parallel workers take longer than the query, and indexes are in
 * memory or on an SSD. Doubles are read as exact text; poolers reject this setting at connection time.
 */
const settings = sql`
  SELECT set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
    set_config('random_page_cost', '1.1', true), set_config('extra_float_digits', '1', true)`;

/**
 * Whether the server has cancelled a transaction that it had begun to answer. A standby does this when its replay
 * removes rows that the transaction can see, or waits for one of its locks: it cancels the running statement, or closes
 * the connection between statements. Nothing else conflicts with a reader's transaction.
 */
function isInterruption(error: unknown): boolean {
  return isPassing(error) || isConnectionLost(error);
}

function interrupted(url: string, error: unknown): StorageError {
  return new StorageError(
    `${labelOf(url)} ended the query before all rows were read: ${messageOf(error)}. Run it again. A standby does so when the ` +
      'primary changes the rows: for long queries set hot_standby_feedback = on, or raise ' +
      'max_standby_streaming_delay, on the standby',
    { cause: error },
  );
}

/** Runs one statement of the reader's transaction. */
type Run = <Row>(statement: SQL) => Promise<readonly Row[]>;

/** @param onBatch called before rows are handed out in batches */
function readerOver(run: Run, now: Instant, onBatch: () => void): Reader {
  let cursors = 0;
  return {
    now,
    async all<Row>(query: SQL) {
      return [...(await run<Row>(query))];
    },
    async *batches<Row>(query: SQL, sizes: BatchSizes) {
      // By default, the server plans cursors for their first rows, however slow the rest becomes.
      const share = sizes.isSummed === true ? '1' : '0.1';
      await run(sql`SELECT set_config('cursor_tuple_fraction', ${share}, true)`);
      // A server-side cursor leaves the connection free for other statements between batches.
      cursors += 1;
      const cursor = sql.identifier(`answer_${cursors}`);
      await run(sql`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`);
      for (const size of batchSizes(sizes)) {
        const batch = await run<Row>(sql`FETCH ${sql.raw(String(size))} FROM ${cursor}`);
        onBatch();
        if (batch.length > 0) yield [...batch];
        if (batch.length < size) return;
      }
    },
  };
}
