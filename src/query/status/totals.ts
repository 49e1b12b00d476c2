import { sql } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';

/** Totals of a database, for graphs. */
export interface Totals {
  /** Contracts, including gone ones. */
  readonly contracts: number;
  readonly changes: number;
  /** Auctions that ended with a bid and were found gone since an instant. */
  readonly sold: number;
  /** Size on disk. */
  readonly bytes: number;
}

/** @param since start of the last pass, whose sales are counted */
export async function readTotals(reader: Reader, since: Instant, bytes: number): Promise<Totals> {
  const count = async (from: ReturnType<typeof sql>) => {
    const [row] = await reader.all<{ rows: number }>(sql`SELECT count(*) AS rows FROM ${from}`);
    return Number(row?.rows ?? 0);
  };
  return {
    contracts: await count(sql`contracts`),
    changes: await count(sql`contract_changes`),
    sold: await count(sql`contracts WHERE gone_at IS NOT NULL AND gone_at >= ${since} AND outcome = 'sold'`),
    bytes,
  };
}
