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
 * Contracts that are removed in one transaction, with all they hold. Their items are spread over the index by type, whose
 * pages are written once a transaction: fewer at a time would take longer in all.
 */
const contractsAtOnce = 2_000;

/** Tables with rows of a contract, besides `contracts`. */
const heldTables = ['contract_items', 'contract_bids', 'contract_values', 'contract_evidence'] as const;

export function pruneOperations({ transact, dialect }: Driver): Pick<Store, 'countPrunable' | 'prune'> {
  return {
    countPrunable: (options) =>
      transact(() => count(sql`SELECT contract_id FROM contracts WHERE ${isPrunable(options)}`)),
    async *prune(options) {
      const nextAfter = (last: number) => transact(() => candidates(options, last));
      await transact(() => notePruned(options.gone_before, dialect));
      for (let ids = await nextAfter(0); ids.length > 0; ids = await nextAfter(ids.at(-1) ?? 0)) {
        const some = ids;
        yield await transact(() => remove(some, dialect));
        // SQLite answers at once: without a pause no signal would be heard before the end.
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
 * In the order of ids, whose rows lie side by side in all tables: by the time when they went, each would be on a page of
 * its own. The index of that time is kept out, since a sort of all that it finds would come with every batch.
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

/** Removes contracts with all they hold. */
function* remove(ids: readonly number[], dialect: Dialect): Script<PrunedCounts> {
  const pruned = dialect.values('id', ids);
  const counts = yield* count(pruned);
  for (const table of heldTables) {
    yield* execute(sql`DELETE FROM ${sql.identifier(table)} WHERE contract_id IN (${pruned})`);
  }
  // A module that has been offered again since is of the later contract.
  yield* execute(sql`
    DELETE FROM roll_attributes WHERE item_id IN (SELECT item_id FROM rolls WHERE contract_id IN (${pruned}))`);
  yield* execute(sql`DELETE FROM rolls WHERE contract_id IN (${pruned})`);
  // The newest change stays: what has been taken into account is counted by it, and so are cursors.
  yield* execute(sql`
    DELETE FROM contract_changes
    WHERE contract_id IN (${pruned}) AND change_id < (SELECT max(change_id) FROM contract_changes)`);
  yield* execute(sql`DELETE FROM contracts WHERE contract_id IN (${pruned})`);
  return counts;
}

/** Rows that were listed, never became contracts, and are listed no more. */
function* departedBacklog(before: Instant): Script<readonly string[]> {
  const rows = yield* execute<{ backlog_key: string }>(
    sql`SELECT backlog_key FROM contract_backlog WHERE gone_at < ${before} ORDER BY backlog_key`,
  );
  return rows.map(({ backlog_key }) => backlog_key);
}

function* removeBacklog(keys: readonly string[], dialect: Dialect): Script<void> {
  yield* execute(sql`DELETE FROM contract_backlog WHERE backlog_key IN (${dialect.values('text', keys)})`);
}

/** Says from when on the history is whole; noted before the first contract goes. */
function* notePruned(before: Instant, dialect: Dialect): Script<void> {
  const noted = yield* readMeta(prunedBeforeKey);
  if (noted === undefined || noted < before) yield* writeMeta({ [prunedBeforeKey]: before }, dialect);
}
