import { setImmediate } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../../../time.ts';
import { slices } from '../../batches.ts';
import { prunedBeforeKey } from '../../meta-keys.ts';
import type { PrunedCounts, PruneOptions } from '../../records/upkeep.ts';
import { type Dialect, type Driver, execute, type Script } from '../../script.ts';
import type { Store } from '../../store.ts';
import { readMeta, writeMeta } from '../meta.ts';

/**
 * Contracts removed per transaction, with all their rows. Their items are scattered over the index by type, whose pages
 * are written once per transaction, so smaller transactions would take longer in total.
 */
const contractsAtOnce = 2_000;

/** Tables with rows of contracts, apart from `contracts`. */
const heldTables = ['contract_items', 'contract_bids', 'contract_values', 'contract_evidence'] as const;

export function pruneOperations({ transact, dialect }: Driver): Pick<Store, 'countPrunable' | 'prune'> {
  return {
    countPrunable: (options) =>
      transact(() => count(sql`SELECT contract_id FROM contracts WHERE ${isPrunable(options)}`)),
    async *prune(options) {
      const nextAfter = (last: number) => transact(() => candidates(options, last));
      await transact(() => recordPruned(options.gone_before, dialect));
      for (let ids = await nextAfter(0); ids.length > 0; ids = await nextAfter(ids.at(-1) ?? 0)) {
        const some = ids;
        yield await transact(() => remove(some, dialect));
        // SQLite is synchronous: without a pause, signals would only be handled at the end.
        await setImmediate();
      }
      const keys = await transact(() => departedBacklog(options.gone_before));
      for (const some of slices(keys, contractsAtOnce)) await transact(() => removeBacklog(some, dialect));
    },
  };
}

const isPrunable = ({ gone_before, keep_sold }: PruneOptions): SQL =>
  sql`gone_at < ${gone_before}${keep_sold ? sql` AND outcome NOT IN ('sold', 'accepted')` : sql``}`;

/**
 * Sorted by id, because rows of neighbouring ids share pages in all tables; by time of departure, each would be on a
 * different page. The index of that time is not used, because it would require a sort for every batch.
 */
function* candidates(options: PruneOptions, last: number): Script<readonly number[]> {
  const rows = yield* execute<{ contract_id: number }>(sql`
    SELECT contract_id FROM contracts
    WHERE contract_id > ${last} AND CASE WHEN ${isPrunable(options)} THEN 1 ELSE 0 END = 1
    ORDER BY contract_id LIMIT ${contractsAtOnce}`);
  return rows.map(({ contract_id }) => contract_id);
}

/** @param contracts a query for their ids */
function* count(contracts: SQL): Script<PrunedCounts> {
  const [counts] = yield* execute<PrunedCounts>(sql`
    SELECT (SELECT count(*) FROM (${contracts}) AS pruned) AS contracts,
      (SELECT count(*) FROM contract_items WHERE contract_id IN (${contracts})) AS items,
      (SELECT count(*) FROM contract_bids WHERE contract_id IN (${contracts})) AS bids`);
  if (counts === undefined) throw new Error('counting has no result');
  return counts;
}

/** Removes contracts with all their rows. */
function* remove(ids: readonly number[], dialect: Dialect): Script<PrunedCounts> {
  const pruned = dialect.values('id', ids);
  const counts = yield* count(pruned);
  for (const table of heldTables) {
    yield* execute(sql`DELETE FROM ${sql.identifier(table)} WHERE contract_id IN (${pruned})`);
  }
  // A module that has been offered again belongs to the later contract.
  yield* execute(sql`
    DELETE FROM roll_attributes WHERE item_id IN (SELECT item_id FROM rolls WHERE contract_id IN (${pruned}))`);
  yield* execute(sql`DELETE FROM rolls WHERE contract_id IN (${pruned})`);
  // Keeps the newest change: cursors and the positions in `meta` refer to it.
  yield* execute(sql`
    DELETE FROM contract_changes
    WHERE contract_id IN (${pruned}) AND change_id < (SELECT max(change_id) FROM contract_changes)`);
  yield* execute(sql`DELETE FROM contracts WHERE contract_id IN (${pruned})`);
  return counts;
}

/** Rows that were listed, never became contracts, and are no longer listed. */
function* departedBacklog(before: Instant): Script<readonly string[]> {
  const rows = yield* execute<{ backlog_key: string }>(
    sql`SELECT backlog_key FROM contract_backlog WHERE gone_at < ${before} ORDER BY backlog_key`,
  );
  return rows.map(({ backlog_key }) => backlog_key);
}

function* removeBacklog(keys: readonly string[], dialect: Dialect): Script<void> {
  yield* execute(sql`DELETE FROM contract_backlog WHERE backlog_key IN (${dialect.values('text', keys)})`);
}

/** Records since when the history is complete, before the first contract is removed. */
function* recordPruned(before: Instant, dialect: Dialect): Script<void> {
  const noted = yield* readMeta(prunedBeforeKey);
  if (noted === undefined || noted < before) yield* writeMeta({ [prunedBeforeKey]: before }, dialect);
}
