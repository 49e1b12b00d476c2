import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../time.ts';
import { contractKey } from './backlog.ts';
import { type Changed, noteChanges } from './changes.ts';
import { ask, type Dialect, type Driver, type Script, type ValueKind } from './script.ts';
import type { Announced, Store, SweepCounts, SweepRecord } from './store.ts';

const byId = (a: Changed, b: Changed) => a.contract_id - b.contract_id;

/** A contract that is listed again after it was gone is due again. */
const dueAgain = (at: Instant) =>
  sql`CASE WHEN contract_backlog.gone_at IS NULL THEN contract_backlog.next_attempt_at ELSE ${at} END`;

export function sweepOperations({ transact, dialect }: Driver): Pick<Store, 'isSettled' | 'recordSweep'> {
  return {
    isSettled: (announced) => transact(() => isSettled(announced, dialect)),
    recordSweep: (sweep) => transact(() => recordSweep(sweep, dialect)),
  };
}

function* isSettled({ contract_ids, quarantined }: Announced, dialect: Dialect): Script<boolean> {
  const [row] = yield* ask<{ unsettled: number }>(sql`
    SELECT (
      SELECT count(*) FROM (${dialect.values('id', contract_ids)}) AS announced
      WHERE NOT EXISTS (SELECT 1 FROM contracts WHERE contracts.contract_id = announced.value)
        AND NOT EXISTS (
          SELECT 1 FROM contract_backlog WHERE contract_backlog.backlog_key = 'contract:' || announced.value)
    ) + (
      SELECT count(*) FROM (${dialect.values('text', quarantined)}) AS announced
      WHERE NOT EXISTS (SELECT 1 FROM contract_backlog WHERE contract_backlog.backlog_key = announced.value)
    ) AS unsettled`);
  return row?.unsettled === 0;
}

function* recordSweep(sweep: SweepRecord, dialect: Dialect): Script<SweepCounts> {
  const { at, announced } = sweep;
  yield* quarantine(sweep, dialect);
  // A contract whose row has become unusable is listed all the same.
  const unusable = yield* ask<{ contract_id: number }>(sql`
    SELECT contract_id FROM contract_backlog
    WHERE contract_id IS NOT NULL AND backlog_key IN (${dialect.values('text', announced.quarantined)})`);
  const listedIds = [...announced.contract_ids, ...unusable.map((row) => row.contract_id)];
  const seen = dialect.values('id', listedIds);
  const keys = dialect.values('text', listedIds.map(contractKey));

  const returned = yield* ask<Changed>(sql`
    UPDATE contracts SET last_seen_at = ${at}, gone_at = NULL, outcome = NULL
    WHERE gone_at IS NOT NULL AND contract_id IN (${seen}) RETURNING contract_id`);
  yield* noteChanges('returned', returned.toSorted(byId), sweep, dialect);
  yield* ask(sql`UPDATE contracts SET last_seen_at = ${at} WHERE contract_id IN (${seen})`);
  yield* ask(sql`
    UPDATE contract_backlog SET last_seen_at = ${at}, next_attempt_at = ${dueAgain(at)}, gone_at = NULL
    WHERE backlog_key IN (${keys})`);
  const isNew = yield* enqueue(sweep, dialect);
  const gone = sweep.complete ? yield* markGone(sweep, seen, keys, dialect) : 0;
  return {
    listed: announced.contract_ids.length,
    new: isNew,
    returned: returned.length,
    gone,
    quarantined: announced.quarantined.length,
  };
}

/** What every new entry of the backlog brings. */
const entryKinds = {
  backlog_key: 'text',
  contract_id: 'id',
  region_id: 'id',
  row: 'text',
  at: 'instant',
} as const satisfies Readonly<Record<string, ValueKind>>;

/** Keeps the rows that cannot be used, and marks those of unchanged pages as seen. */
function* quarantine({ region_id, at, announced, quarantined }: SweepRecord, dialect: Dialect): Script<void> {
  const rows = quarantined.map(({ row, ...rest }) => ({ ...rest, region_id, row: JSON.stringify(row), at }));
  yield* ask(sql`
    INSERT INTO contract_backlog
      (backlog_key, contract_id, region_id, status, "row", last_answer, first_seen_at, last_seen_at)
    SELECT backlog_key, contract_id, region_id, 'quarantined', "row", reason, at, at
    FROM (${dialect.rows({ ...entryKinds, reason: 'text' }, rows)}) AS unusable WHERE TRUE
    ON CONFLICT (backlog_key) DO UPDATE SET last_answer = excluded.last_answer`);
  yield* ask(sql`
    UPDATE contract_backlog SET last_seen_at = ${at}, gone_at = NULL
    WHERE backlog_key IN (${dialect.values('text', announced.quarantined)})`);
}

/** Puts contracts that are not stored yet into the backlog; those that wait there already get the row as it is now. */
function* enqueue({ region_id, at, listed }: SweepRecord, dialect: Dialect): Script<number> {
  const rows = listed.map(({ contract, row }) => ({
    backlog_key: contractKey(contract.contract_id),
    contract_id: contract.contract_id,
    region_id,
    row: JSON.stringify(row),
    date_expired: contract.date_expired,
    at,
  }));
  const given = dialect.rows({ ...entryKinds, date_expired: 'instant' }, rows);
  yield* ask(sql`
    UPDATE contract_backlog SET "row" = listed."row", date_expired = listed.date_expired FROM (${given}) AS listed
    WHERE contract_backlog.backlog_key = listed.backlog_key AND contract_backlog."row" <> listed."row"`);
  const isNew = yield* ask(sql`
    INSERT INTO contract_backlog
      (backlog_key, contract_id, region_id, status, "row", date_expired, next_attempt_at, first_seen_at, last_seen_at)
    SELECT backlog_key, contract_id, region_id, 'deferred', "row", date_expired, at, at, at FROM (${given}) AS listed
    WHERE NOT EXISTS (SELECT 1 FROM contracts WHERE contracts.contract_id = listed.contract_id)
    ON CONFLICT (backlog_key) DO NOTHING RETURNING backlog_key`);
  return isNew.length;
}

/** What a complete sweep does not list is gone, from the contracts and from the backlog. */
function* markGone(sweep: SweepRecord, seen: SQL, keys: SQL, dialect: Dialect): Script<number> {
  const { region_id, at, generated_at, announced } = sweep;
  const gone = yield* ask<Changed>(sql`
    UPDATE contracts
    SET gone_at = ${at}, outcome = CASE WHEN date_expired <= ${generated_at} THEN 'expired' ELSE 'unknown' END
    WHERE region_id = ${region_id} AND gone_at IS NULL AND contract_id NOT IN (${seen}) RETURNING contract_id`);
  yield* ask(sql`
    UPDATE contract_backlog SET gone_at = ${at}, next_attempt_at = NULL
    WHERE region_id = ${region_id} AND gone_at IS NULL AND backlog_key NOT IN (${keys})
      AND backlog_key NOT IN (${dialect.values('text', announced.quarantined)})`);
  yield* noteChanges('gone', gone.toSorted(byId), sweep, dialect);
  return gone.length;
}
