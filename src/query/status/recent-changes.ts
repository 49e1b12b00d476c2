import { sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';

/** How many contracts changed in one way. */
export interface RecentChange {
  /** `appeared`, `gone`, `returned`, `bid`, `extended`, `moved` or `differs`. */
  readonly change: string;
  /** Of those that are gone: what became of them. */
  readonly outcome: string | null;
  readonly contracts: number;
}

/** What came and went from an instant on, until the reader's moment, counted by kind, in the order of their names. */
export async function recentChanges(reader: Reader, since: Instant): Promise<RecentChange[]> {
  const rows = await reader.all<RecentChange>(sql`
    SELECT contract_changes.change AS change,
      CASE WHEN contract_changes.change = 'gone' THEN contracts.outcome END AS outcome,
      count(DISTINCT contract_changes.contract_id) AS contracts
    FROM contract_changes JOIN contracts ON contracts.contract_id = contract_changes.contract_id
    WHERE contract_changes.at >= ${since} AND contract_changes.at <= ${reader.now}
    GROUP BY contract_changes.change, CASE WHEN contract_changes.change = 'gone' THEN contracts.outcome END
    ORDER BY 1, 2`);
  return rows.map((row) => ({ ...row, contracts: Number(row.contracts) }));
}

/** When the last pass ended; null before the first one has. */
export async function lastPassEnd(reader: Reader): Promise<Instant | null> {
  const [row] = await reader.all<{ at: Instant | null }>(
    sql`SELECT finished_at AS at FROM runs WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1`,
  );
  return row?.at ?? null;
}
