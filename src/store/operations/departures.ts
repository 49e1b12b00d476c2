import { promisify } from 'node:util';
import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../../time.ts';
import { slices } from '../batches.ts';
import type { DepartureSettlement, Doubt, SweepRecord } from '../records/pass.ts';
import { type Dialect, type Driver, execute, type Script } from '../script.ts';
import type { Store } from '../store.ts';
import { type Changed, recordChanges } from './changes.ts';

/** Minimum size of a region for doubting a list that lacks more than half of it. */
const minDoubted = 20;
/** Minimum size of a region for doubting a list that lacks all of it. */
const minDoubtedAll = 5;

/** Contracts marked as gone per transaction. */
const goneAtOnce = 1_000;
const nextTurn = promisify(setImmediate);

/** A listed contract that is not on a list, with the results of earlier lists. */
interface Missing {
  readonly contract_id: number;
  readonly date_expired: Instant;
  /** When ESI made the first list without the contract; null if this is the first. */
  readonly generated_at: Instant | null;
  readonly is_doubtful: boolean | number | null;
}

export function departureOperations({ transact, read, dialect }: Driver): Pick<Store, 'departed' | 'settleDepartures'> {
  return {
    async departed(regionIds) {
      const rows = await read<{ contract_id: number }>(sql`
        SELECT contract_id FROM departures
        WHERE NOT is_doubtful AND region_id IN (${dialect.values('id', regionIds)}) ORDER BY contract_id`);
      return rows.map(({ contract_id }) => contract_id);
    },
    async settleDepartures(settlement) {
      const { moved, departed } = await transact(() => moveContracts(settlement, dialect));
      const gone: Changed[] = [];
      for (const batch of slices(departed, goneAtOnce)) {
        gone.push(...(await transact(() => markGone(batch, settlement, dialect))));
        // Lets signals and timers run between transactions.
        await nextTurn();
      }
      return { gone, moved };
    },
  };
}

/**
 * Records which contracts a list no longer shows. If it lacks an implausible share of its region, they are in doubt
 * until a later list does not show them either: ESI has returned complete, well-formed and empty lists
 * (esi/esi-issues#1189).
 *
 * @returns the doubt; null without one
 */
export function* recordDepartures(sweep: SweepRecord, seen: SQL, dialect: Dialect): Script<Doubt | null> {
  const { region_id, generated_at, isAbsent } = sweep;
  if (isAbsent === null) return null;
  const unlisted = yield* execute<Missing>(sql`
    SELECT contracts.contract_id AS contract_id, date_expired, generated_at, is_doubtful
    FROM contracts LEFT JOIN departures ON departures.contract_id = contracts.contract_id
    WHERE contracts.region_id = ${region_id} AND gone_at IS NULL AND contracts.contract_id NOT IN (${seen})`);
  const missing = unlisted.filter(({ contract_id }) => isAbsent(contract_id));
  if (missing.length === 0) return null;
  const isInDoubt = (row: Missing) => Boolean(row.is_doubtful);
  const isRepeated = ({ generated_at: first }: Missing) => first !== null && first < generated_at;
  const isConfirmed = (row: Missing) => row.generated_at !== null && (!isInDoubt(row) || isRepeated(row));
  const confirmed = missing.filter(isConfirmed);
  const unconfirmed = missing.filter((row) => !isConfirmed(row));

  const isRunning = ({ date_expired }: Missing) => date_expired > generated_at;
  const [count] = yield* execute<{ running: number }>(sql`
    SELECT count(*) AS running FROM contracts
    WHERE region_id = ${region_id} AND gone_at IS NULL AND date_expired > ${generated_at}`);
  const of = Number(count?.running ?? 0) - confirmed.filter(isRunning).length;
  const taken = unconfirmed.filter(isRunning).length;
  const is_doubtful = unconfirmed.some(isInDoubt) || isImplausible(taken, of);

  const rows = unconfirmed
    .filter((row) => row.generated_at === null)
    .map(({ contract_id }) => ({ contract_id, region_id, generated_at }));
  const given = dialect.rows({ contract_id: 'id', region_id: 'id', generated_at: 'instant' }, rows);
  yield* execute(sql`
    INSERT INTO departures (contract_id, region_id, generated_at, is_doubtful)
    SELECT contract_id, region_id, generated_at, ${is_doubtful ? sql`TRUE` : sql`FALSE`} FROM (${given}) AS missing`);
  const confirmedIds = dialect.values(
    'id',
    confirmed.filter(isInDoubt).map(({ contract_id }) => contract_id),
  );
  yield* execute(sql`UPDATE departures SET is_doubtful = FALSE WHERE contract_id IN (${confirmedIds})`);
  return is_doubtful ? { taken, of } : null;
}

function isImplausible(taken: number, of: number): boolean {
  return (taken > of / 2 && taken >= minDoubted) || (taken === of && taken >= minDoubtedAll);
}

/**
 * A list of this pass shows other contracts of the same place in the region: the place has not moved, so the contract
 * itself has left. Contracts that have not departed prove nothing if the list is incomplete.
 */
const isAlone = (run_id: string) => sql`EXISTS (
  SELECT 1 FROM contracts AS others
  WHERE others.region_id = departures.region_id AND others.gone_at IS NULL
    AND others.start_location_id = contracts.start_location_id
    AND others.last_seen_at >= (SELECT started_at FROM runs WHERE run_id = ${run_id}))`;

/**
 * Moves contracts to the region that lists them, and returns those that no list of the pass shows any more, sorted by
 * id.
 */
function* moveContracts(
  settlement: DepartureSettlement,
  dialect: Dialect,
): Script<{ readonly moved: number; readonly departed: readonly number[] }> {
  const { region_ids, moves, generated_until, run_id } = settlement;
  const moved = yield* move(moves, dialect);
  yield* recordChanges('moved', moved, settlement, dialect);
  const kept = moves.map(({ contract_id }) => contract_id);
  yield* execute(sql`DELETE FROM departures WHERE contract_id IN (${dialect.values('id', kept)})`);

  const settled = yield* execute<{ contract_id: number }>(sql`
    SELECT departures.contract_id AS contract_id
    FROM departures JOIN contracts ON contracts.contract_id = departures.contract_id
    WHERE NOT departures.is_doubtful AND departures.region_id IN (${dialect.values('id', region_ids)})
      AND (${generated_until === null ? sql`TRUE` : sql`departures.generated_at <= ${generated_until}`} OR ${isAlone(run_id)})
    ORDER BY departures.contract_id`);
  return { moved: moved.length, departed: settled.map(({ contract_id }) => contract_id) };
}

function* markGone(
  ids: readonly number[],
  settlement: DepartureSettlement,
  dialect: Dialect,
): Script<readonly Changed[]> {
  const departed = dialect.values('id', ids);
  // An ended auction is sold to its highest bidder.
  const gone = yield* execute<Changed>(sql`
    UPDATE contracts SET gone_at = ${settlement.at}, outcome = CASE
      WHEN date_expired > departures.generated_at THEN 'unknown'
      WHEN type = 'auction' AND EXISTS (
        SELECT 1 FROM contract_bids WHERE contract_bids.contract_id = contracts.contract_id) THEN 'sold'
      ELSE 'expired' END
    FROM departures WHERE departures.contract_id = contracts.contract_id AND gone_at IS NULL
      AND contracts.contract_id IN (${departed})
    RETURNING contracts.contract_id AS contract_id, contracts.region_id AS region_id`);
  yield* recordChanges('gone', gone.toSorted(byId), settlement, dialect);
  yield* execute(sql`DELETE FROM departures WHERE contract_id IN (${departed})`);
  return gone;
}

function* move(moves: DepartureSettlement['moves'], dialect: Dialect): Script<Changed[]> {
  if (moves.length === 0) return [];
  const given = sql`(${dialect.rows({ contract_id: 'id', region_id: 'id' }, moves)}) AS shown`;
  const stored = yield* execute<{ contract_id: number; old_region: number; region_id: number }>(sql`
    SELECT contracts.contract_id AS contract_id, contracts.region_id AS old_region, shown.region_id AS region_id
    FROM ${given} JOIN contracts ON contracts.contract_id = shown.contract_id
    WHERE contracts.region_id <> shown.region_id ORDER BY contracts.contract_id`);
  yield* execute(sql`
    UPDATE contracts SET region_id = shown.region_id FROM ${given} WHERE contracts.contract_id = shown.contract_id`);
  return stored.map(({ contract_id, old_region, region_id }) => ({
    contract_id,
    region_id,
    field: 'region_id',
    old_value: String(old_region),
    new_value: String(region_id),
  }));
}

const byId = (a: Changed, b: Changed) => a.contract_id - b.contract_id;
