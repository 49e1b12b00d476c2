import { sql } from 'drizzle-orm';
import type { Instant } from '../../time.ts';
import { isDue } from '../backoff.ts';
import type { DueContract, WaitingCount } from '../records/pass.ts';
import { assignedValues, type Driver, execute } from '../script.ts';
import type { Store } from '../store.ts';

type BacklogOperations = Pick<Store, 'dueContracts' | 'countDue' | 'postponeContract' | 'countWaiting'>;

/** The backlog key of a contract; malformed rows have other keys. */
export const contractKey = (contractId: number) => `contract:${contractId}`;

export function backlogOperations({ transact, read, dialect }: Driver): BacklogOperations {
  const isDueNow = (regionIds: readonly number[], now: Instant) => sql`
    region_id IN (${dialect.values('id', regionIds)})
      AND next_attempt_at IS NOT NULL AND (attempts <= 1 OR ${isDue(sql`next_attempt_at`, now)})
      AND gone_at IS NULL AND contract_id IS NOT NULL`;
  return {
    // A contract with at most one failure is due in every pass, even if the clock has been set back since.
    async dueContracts(regionIds, now, { after, limit = Number.MAX_SAFE_INTEGER } = {}) {
      const behind =
        after === undefined
          ? sql`TRUE`
          : sql`(date_expired < ${after.date_expired}
              OR (date_expired = ${after.date_expired} AND contract_id > ${after.contract_id}))`;
      const rows = await read<DueContract>(sql`
        SELECT contract_id, region_id, "row", date_expired, attempts, first_seen_at, last_seen_at
        FROM contract_backlog WHERE ${isDueNow(regionIds, now)} AND ${behind}
        ORDER BY date_expired DESC, contract_id LIMIT ${limit}`);
      return [...rows];
    },
    async countDue(regionIds, now) {
      const [row] = await read<{ due: number }>(
        sql`SELECT count(*) AS due FROM contract_backlog WHERE ${isDueNow(regionIds, now)}`,
      );
      return Number(row?.due ?? 0);
    },
    postponeContract: ({ contract_id, ...postponement }) =>
      transact(function* () {
        yield* execute(sql`UPDATE contract_backlog SET ${assignedValues(postponement)}
          WHERE backlog_key = ${contractKey(contract_id)}`);
      }),
    async countWaiting(regionIds) {
      const counts = await read<WaitingCount>(sql`
        SELECT region_id, status, count(*) AS contracts FROM contract_backlog
        WHERE region_id IN (${dialect.values('id', regionIds)}) AND gone_at IS NULL AND next_attempt_at IS NOT NULL
        GROUP BY region_id, status ORDER BY region_id, status`);
      return [...counts];
    },
  };
}
