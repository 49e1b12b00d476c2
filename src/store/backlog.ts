import { sql } from 'drizzle-orm';
import { isDue } from './backoff.ts';
import { ask, assignedValues, type Driver } from './script.ts';
import type { DueContract, Store, WaitingCount } from './store.ts';

type BacklogOperations = Pick<Store, 'dueContracts' | 'postponeContract' | 'countWaiting'>;

/** The backlog's key of a contract; rows that cannot be used have keys of their own. */
export const contractKey = (contractId: number) => `contract:${contractId}`;

export function backlogOperations({ transact, dialect }: Driver): BacklogOperations {
  return {
    // What has failed once at most is due in every pass, even if the clock has been set back since.
    dueContracts: (regionIds, now) =>
      transact(function* () {
        const rows = yield* ask<DueContract>(sql`
          SELECT contract_id, region_id, "row", attempts, first_seen_at, last_seen_at FROM contract_backlog
          WHERE region_id IN (${dialect.values('id', regionIds)})
            AND next_attempt_at IS NOT NULL AND (attempts <= 1 OR ${isDue(sql`next_attempt_at`, now)})
            AND gone_at IS NULL AND contract_id IS NOT NULL
          ORDER BY date_expired DESC, contract_id`);
        return [...rows];
      }),
    postponeContract: ({ contract_id, ...postponement }) =>
      transact(function* () {
        yield* ask(sql`UPDATE contract_backlog SET ${assignedValues(postponement)}
          WHERE backlog_key = ${contractKey(contract_id)}`);
      }),
    countWaiting: (regionIds) =>
      transact(function* () {
        const counts = yield* ask<WaitingCount>(sql`
          SELECT region_id, status, count(*) AS contracts FROM contract_backlog
          WHERE region_id IN (${dialect.values('id', regionIds)}) AND gone_at IS NULL AND next_attempt_at IS NOT NULL
          GROUP BY region_id, status ORDER BY region_id, status`);
        return [...counts];
      }),
  };
}
