import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { contractBacklog, contracts } from '../schema/sqlite.ts';
import type { Store, SweepCounts, SweepRecord } from '../store.ts';
import type { Database } from './connection.ts';
import { placeholdersFor } from './statements.ts';

/** The backlog's key of a contract; rows that cannot be used have keys of their own. */
export const contractKey = (contractId: number) => `contract:${contractId}`;

const placeholder = sql.placeholder;

export function sweepOperations(database: Database): Pick<Store, 'isSettled' | 'recordSweep'> {
  const statements = prepareStatements(database);

  function recordSweep(sweep: SweepRecord): SweepCounts {
    const { region_id, at } = sweep;
    const listedBefore = new Set(statements.listed.all({ region_id }).map((row) => row.contract_id));
    const waitingBefore = new Set(statements.waiting.all({ region_id }).map((row) => row.backlog_key));
    const rows = new Map(sweep.listed.map((listed) => [listed.contract.contract_id, listed]));

    for (const { backlog_key, contract_id, row, reason } of sweep.quarantined) {
      statements.quarantine.run({ backlog_key, contract_id, region_id, row: JSON.stringify(row), reason, at });
    }
    const seen = new Set(sweep.announced.contract_ids);
    const seenKeys = new Set(sweep.announced.quarantined);
    for (const backlog_key of seenKeys) {
      statements.touchQuarantined.run({ backlog_key, at });
      // A contract whose row has become unusable is listed all the same.
      const contract_id = statements.quarantinedContract.get({ backlog_key })?.contract_id;
      if (contract_id) seen.add(contract_id);
    }

    let isNew = 0;
    let returned = 0;
    statements.touchListed.run({ region_id, at, ids: JSON.stringify([...seen]) });
    for (const contract_id of seen) {
      if (listedBefore.has(contract_id)) continue;
      if (statements.revive.run({ contract_id, at }).changes > 0) {
        returned += 1;
        continue;
      }
      if (statements.touchElsewhere.run({ contract_id, at }).changes > 0) continue;
      const backlog_key = contractKey(contract_id);
      seenKeys.add(backlog_key);
      const listed = rows.get(contract_id);
      if (listed === undefined) {
        statements.touchWaiting.run({ backlog_key, at });
        continue;
      }
      const { date_expired } = listed.contract;
      statements.enqueue.run({
        backlog_key,
        contract_id,
        region_id,
        row: JSON.stringify(listed.row),
        date_expired,
        at,
      });
      if (!waitingBefore.has(backlog_key)) isNew += 1;
    }

    let gone = 0;
    if (sweep.complete) {
      for (const contract_id of listedBefore) {
        if (!seen.has(contract_id)) gone += statements.markGone.run({ contract_id, at }).changes;
      }
      for (const backlog_key of waitingBefore) {
        if (!seenKeys.has(backlog_key)) statements.markWaitingGone.run({ backlog_key, at });
      }
    }
    return {
      listed: sweep.announced.contract_ids.length,
      new: isNew,
      returned,
      gone,
      quarantined: sweep.announced.quarantined.length,
    };
  }

  return {
    async isSettled({ contract_ids, quarantined }) {
      const ids = JSON.stringify(contract_ids);
      const keys = JSON.stringify(quarantined);
      return statements.unsettled.get({ ids, keys })?.unsettled === 0;
    },
    async recordSweep(sweep) {
      return database.transaction(() => recordSweep(sweep), { behavior: 'immediate' });
    },
  };
}

function prepareStatements(database: Database) {
  const at = placeholder('at');
  const contract_id = placeholder('contract_id');
  const isContract = eq(contracts.contract_id, contract_id);
  const isRegion = (column: typeof contracts.region_id | typeof contractBacklog.region_id): SQL =>
    eq(column, placeholder('region_id'));
  const isEntry = eq(contractBacklog.backlog_key, placeholder('backlog_key'));
  const rowSeenAgain = { last_seen_at: sql`${at}`, gone_at: null };
  /** A contract that is listed again after it was gone is due again. */
  const seenAgain = {
    ...rowSeenAgain,
    next_attempt_at: sql`CASE WHEN ${contractBacklog.gone_at} IS NULL
      THEN ${contractBacklog.next_attempt_at} ELSE ${at} END`,
  };
  const listedNow = { first_seen_at: at, last_seen_at: at, gone_at: null, attempts: 0, last_status: null };

  return {
    listed: database
      .select({ contract_id: contracts.contract_id })
      .from(contracts)
      .where(and(isRegion(contracts.region_id), isNull(contracts.gone_at)))
      .prepare(),
    waiting: database
      .select({ backlog_key: contractBacklog.backlog_key })
      .from(contractBacklog)
      .where(and(isRegion(contractBacklog.region_id), isNull(contractBacklog.gone_at)))
      .prepare(),
    quarantinedContract: database
      .select({ contract_id: contractBacklog.contract_id })
      .from(contractBacklog)
      .where(isEntry)
      .prepare(),
    unsettled: database
      .select({
        unsettled: sql<number>`(
          SELECT count(*) FROM json_each(${placeholder('ids')}) AS announced
          WHERE NOT EXISTS (SELECT 1 FROM contracts WHERE contracts.contract_id = announced.value)
            AND NOT EXISTS (SELECT 1 FROM contract_backlog WHERE contract_backlog.backlog_key = 'contract:' || announced.value)
        ) + (
          SELECT count(*) FROM json_each(${placeholder('keys')}) AS announced
          WHERE NOT EXISTS (SELECT 1 FROM contract_backlog WHERE contract_backlog.backlog_key = announced.value)
        )`,
      })
      .from(sql`(SELECT 1) AS one`)
      .prepare(),
    touchListed: database
      .update(contracts)
      .set({ last_seen_at: sql`${at}` })
      .where(
        and(
          isRegion(contracts.region_id),
          isNull(contracts.gone_at),
          sql`${contracts.contract_id} IN (SELECT value FROM json_each(${placeholder('ids')}))`,
        ),
      )
      .prepare(),
    revive: database
      .update(contracts)
      .set({ last_seen_at: sql`${at}`, gone_at: null, outcome: null })
      .where(and(isContract, isNotNull(contracts.gone_at)))
      .prepare(),
    touchElsewhere: database
      .update(contracts)
      .set({ last_seen_at: sql`${at}` })
      .where(isContract)
      .prepare(),
    markGone: database
      .update(contracts)
      .set({
        gone_at: sql`${at}`,
        outcome: sql`CASE WHEN ${contracts.date_expired} <= ${at} THEN 'expired' ELSE 'unknown' END`,
      })
      .where(isContract)
      .prepare(),
    enqueue: database
      .insert(contractBacklog)
      .values({
        ...placeholdersFor(contractBacklog),
        ...listedNow,
        status: 'deferred',
        next_attempt_at: at,
        last_answer: null,
      })
      .onConflictDoUpdate({
        target: contractBacklog.backlog_key,
        set: { ...seenAgain, row: sql`excluded.row`, date_expired: sql`excluded.date_expired` },
      })
      .prepare(),
    quarantine: database
      .insert(contractBacklog)
      .values({
        ...placeholdersFor(contractBacklog),
        ...listedNow,
        status: 'quarantined',
        next_attempt_at: null,
        date_expired: null,
        last_answer: placeholder('reason'),
      })
      .onConflictDoUpdate({
        target: contractBacklog.backlog_key,
        set: { ...rowSeenAgain, last_answer: sql`excluded.last_answer` },
      })
      .prepare(),
    touchWaiting: database.update(contractBacklog).set(seenAgain).where(isEntry).prepare(),
    touchQuarantined: database.update(contractBacklog).set(rowSeenAgain).where(isEntry).prepare(),
    markWaitingGone: database
      .update(contractBacklog)
      .set({ gone_at: sql`${at}`, next_attempt_at: null })
      .where(isEntry)
      .prepare(),
  };
}
