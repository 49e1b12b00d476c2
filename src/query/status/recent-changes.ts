import { sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';

/** The number of contracts with one kind of change. */
export interface RecentChange {
  /** `appeared`, `gone`, `returned`, `bid`, `extended`, `moved` or `differs`. */
  readonly change: string;
  /** For gone contracts: the outcome. */
  readonly outcome: string | null;
  readonly contracts: number;
}

/** The changes from an instant up to the reader's snapshot, counted by kind, sorted by name. */
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

/** When the last pass ended; null before any has. */
export async function lastPassEnd(reader: Reader): Promise<Instant | null> {
  const [row] = await reader.all<{ at: Instant | null }>(
    sql`SELECT finished_at AS at FROM runs WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1`,
  );
  return row?.at ?? null;
}
