import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../../time.ts';
import type { Announced, PageRecord, PageResult, SweepRecord, SweepResult } from '../records/pass.ts';
import { type Dialect, type Driver, execute, type Script, type ValueKind } from '../script.ts';
import type { Store } from '../store.ts';
import { contractKey } from './backlog.ts';
import { recordChanges } from './changes.ts';
import { recordDepartures } from './departures.ts';
import { followList } from './differences.ts';

const byId = (a: { contract_id: number }, b: { contract_id: number }) => a.contract_id - b.contract_id;

/** A contract that is listed again after it was gone is due again. */
const dueAgain = (at: Instant) =>
  sql`CASE WHEN contract_backlog.gone_at IS NULL THEN contract_backlog.next_attempt_at ELSE ${at} END`;

export function sweepOperations({
  transact,
  read,
  dialect,
}: Driver): Pick<Store, 'unsettled' | 'recordPage' | 'recordSweep' | 'hasContracts'> {
  return {
    unsettled: (announced) => transact(() => unsettled(announced, dialect)),
    recordPage: (page) => transact(() => recordPage(page, dialect)),
    recordSweep: (sweep) => transact(() => recordSweep(sweep, dialect)),
    async hasContracts(regionId) {
      const rows = await read(sql`SELECT contract_id FROM contracts WHERE region_id = ${regionId} LIMIT 1`);
      return rows.length > 0;
    },
  };
}

function* unsettled({ contract_ids, quarantined }: Announced, dialect: Dialect): Script<Announced> {
  // Usually, all contracts are stored and listed, and no row is quarantined.
  const notListed = contract_ids.length === 0 ? [] : yield* dialect.notListed(contract_ids);
  return {
    contract_ids: notListed.length === 0 ? [] : yield* unknownContracts(idsOf(notListed), dialect),
    quarantined: quarantined.length === 0 ? [] : yield* unknownRows(quarantined, dialect),
  };
}

function* unknownContracts(ids: readonly number[], dialect: Dialect): Script<number[]> {
  const unknown = yield* execute<{ value: number | string }>(sql`
    SELECT value FROM (${dialect.values('id', ids)}) AS announced
    WHERE NOT EXISTS (SELECT 1 FROM contracts WHERE contracts.contract_id = announced.value)
      AND NOT EXISTS (
        SELECT 1 FROM contract_backlog WHERE contract_backlog.backlog_key = 'contract:' || announced.value)`);
  return idsOf(unknown);
}

const idsOf = (rows: readonly { readonly value: number | string }[]) => rows.map(({ value }) => Number(value));

function* unknownRows(keys: readonly string[], dialect: Dialect): Script<string[]> {
  const unknown = yield* execute<{ value: string }>(sql`
    SELECT value FROM (${dialect.values('text', keys)}) AS announced
    WHERE NOT EXISTS (SELECT 1 FROM contract_backlog WHERE contract_backlog.backlog_key = announced.value)`);
  return unknown.map(({ value }) => value);
}

function* recordPage(page: PageRecord, dialect: Dialect): Script<PageResult> {
  yield* quarantine(page, dialect);
  const { extended, differing } = yield* followList(page, dialect);
  return { new: yield* enqueue(page, dialect), extended, differing };
}

function* recordSweep(sweep: SweepRecord, dialect: Dialect): Script<SweepResult> {
  const { at, announced, region_id } = sweep;
  const isNotSeenYet = sql`(last_seen_at <> ${at} OR gone_at IS NOT NULL OR region_id <> ${region_id})`;
  yield* execute(sql`
    UPDATE contract_backlog SET last_seen_at = ${at}, gone_at = NULL
    WHERE backlog_key IN (${dialect.values('text', announced.quarantined)}) AND ${isNotSeenYet}`);
  // A contract whose row has become malformed is still listed.
  const unusable = yield* execute<{ contract_id: number }>(sql`
    SELECT contract_id FROM contract_backlog
    WHERE contract_id IS NOT NULL AND backlog_key IN (${dialect.values('text', announced.quarantined)})`);
  const listedIds = [...announced.contract_ids, ...unusable.map((row) => row.contract_id)];
  const seen = dialect.values('id', listedIds);
  const keys = sql`SELECT 'contract:' || value FROM (${seen}) AS seen`;

  const returned = yield* execute<{ contract_id: number }>(sql`
    UPDATE contracts SET last_seen_at = ${at}, gone_at = NULL, outcome = NULL
    WHERE gone_at IS NOT NULL AND contract_id IN (${seen}) RETURNING contract_id`);
  const backInRegion = returned.map(({ contract_id }) => ({ contract_id, region_id }));
  yield* recordChanges('returned', backInRegion.toSorted(byId), sweep, dialect);
  yield* execute(sql`UPDATE contracts SET last_seen_at = ${at} WHERE contract_id IN (${seen})`);
  yield* execute(sql`DELETE FROM departures WHERE contract_id IN (${seen})`);
  const storedElsewhere = yield* execute<{ contract_id: number }>(sql`
    SELECT contract_id FROM contracts WHERE region_id <> ${region_id} AND contract_id IN (${seen})`);
  yield* execute(sql`
    UPDATE contract_backlog SET
      region_id = ${region_id}, last_seen_at = ${at}, next_attempt_at = ${dueAgain(at)}, gone_at = NULL
    WHERE backlog_key IN (${keys}) AND ${isNotSeenYet}`);
  const doubt = yield* recordDepartures(sweep, seen, dialect);
  if (doubt === null) yield* leaveBacklog(sweep, keys, dialect);
  return {
    counts: {
      listed: announced.contract_ids.length,
      returned: returned.length,
      quarantined: announced.quarantined.length,
    },
    storedElsewhere: storedElsewhere.map(({ contract_id }) => contract_id),
    doubt,
  };
}

/** The columns of every new entry of the backlog. */
const entryKinds = {
  backlog_key: 'text',
  contract_id: 'id',
  region_id: 'id',
  row: 'text',
  at: 'instant',
} as const satisfies Readonly<Record<string, ValueKind>>;

/** Stores malformed rows. */
function* quarantine({ region_id, at, quarantined }: PageRecord, dialect: Dialect): Script<void> {
  const rows = quarantined.map(({ row, ...rest }) => ({ ...rest, region_id, row: JSON.stringify(row), at }));
  yield* execute(sql`
    INSERT INTO contract_backlog
      (backlog_key, contract_id, region_id, status, "row", last_answer, first_seen_at, last_seen_at)
    SELECT backlog_key, contract_id, region_id, 'quarantined', "row", reason, at, at
    FROM (${dialect.rows({ ...entryKinds, reason: 'text' }, rows)}) AS unusable WHERE TRUE
    ON CONFLICT (backlog_key) DO UPDATE SET last_answer = excluded.last_answer`);
}

/** Adds contracts that are not stored yet to the backlog; updates the row of contracts that are already in it. */
function* enqueue({ region_id, at, listed }: PageRecord, dialect: Dialect): Script<number> {
  const rows = listed.map(({ contract, row }) => ({
    backlog_key: contractKey(contract.contract_id),
    contract_id: contract.contract_id,
    region_id,
    row: JSON.stringify(row),
    date_expired: contract.date_expired,
    at,
  }));
  const given = dialect.rows({ ...entryKinds, date_expired: 'instant' }, rows);
  yield* execute(sql`
    UPDATE contract_backlog SET "row" = listed."row", date_expired = listed.date_expired FROM (${given}) AS listed
    WHERE contract_backlog.backlog_key = listed.backlog_key AND contract_backlog."row" <> listed."row"`);
  const isNew = yield* execute(sql`
    INSERT INTO contract_backlog
      (backlog_key, contract_id, region_id, status, "row", date_expired, next_attempt_at, first_seen_at, last_seen_at)
    SELECT backlog_key, contract_id, region_id, 'deferred', "row", date_expired, at, at, at FROM (${given}) AS listed
    WHERE NOT EXISTS (SELECT 1 FROM contracts WHERE contracts.contract_id = listed.contract_id)
    ON CONFLICT (backlog_key) DO NOTHING RETURNING backlog_key`);
  return isNew.length;
}

/** A backlog entry that is no longer listed needs no more attempts. */
function* leaveBacklog({ region_id, at, announced, isAbsent }: SweepRecord, keys: SQL, dialect: Dialect): Script<void> {
  if (isAbsent === null) return;
  const unlisted = yield* execute<{ backlog_key: string; contract_id: number | null }>(sql`
    SELECT backlog_key, contract_id FROM contract_backlog
    WHERE region_id = ${region_id} AND gone_at IS NULL AND backlog_key NOT IN (${keys})
      AND backlog_key NOT IN (${dialect.values('text', announced.quarantined)})`);
  const left = unlisted.filter(({ contract_id }) => isAbsent(contract_id)).map(({ backlog_key }) => backlog_key);
  yield* execute(sql`
    UPDATE contract_backlog SET gone_at = ${at}, next_attempt_at = NULL
    WHERE backlog_key IN (${dialect.values('text', left)})`);
}
