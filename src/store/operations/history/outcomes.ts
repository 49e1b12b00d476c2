import { sql } from 'drizzle-orm';
import { type Driver, execute } from '../../script.ts';
import type { Store } from '../../store.ts';

/** Maximum number of requests per contract. */
const maxAttempts = 2;

export function outcomeOperations({ transact }: Driver): Pick<Store, 'unresolvedContracts' | 'recordEvidence'> {
  return {
    unresolvedContracts: (limit) =>
      transact(function* () {
        const rows = yield* execute<{ contract_id: number }>(sql`
          SELECT contract_id FROM contracts
          WHERE gone_at IS NOT NULL AND outcome = 'unknown' AND item_count IS NOT NULL
            AND NOT EXISTS (
              SELECT 1 FROM contract_evidence
              WHERE contract_evidence.contract_id = contracts.contract_id AND attempts >= ${maxAttempts})
          ORDER BY gone_at DESC, contract_id DESC LIMIT ${limit}`);
        return rows.map(({ contract_id }) => contract_id);
      }),
    recordEvidence: ({ contract_id, at, status, answer, outcome }) =>
      transact(function* () {
        yield* execute(sql`
          INSERT INTO contract_evidence (contract_id, attempts, asked_at, status, answer)
          VALUES (${contract_id}, 1, ${at}, ${status}, ${answer})
          ON CONFLICT (contract_id) DO UPDATE SET attempts = contract_evidence.attempts + 1,
            asked_at = excluded.asked_at, status = excluded.status, answer = excluded.answer
          WHERE contract_evidence.asked_at <> excluded.asked_at`);
        // Skips contracts that have returned meanwhile or whose outcome is known.
        yield* execute(sql`
          UPDATE contracts SET outcome = COALESCE(${outcome}, outcome)
          WHERE contract_id = ${contract_id} AND gone_at IS NOT NULL AND outcome = 'unknown'`);
      }),
  };
}
