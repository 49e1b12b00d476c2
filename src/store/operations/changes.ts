import { sql } from 'drizzle-orm';
import type { ContractChange, SweepRecord } from '../records/pass.ts';
import { type Dialect, execute, type Script } from '../script.ts';
import { readMeta } from './meta.ts';

/** A contract with a change. */
export interface Changed {
  readonly contract_id: number;
  /** The region that lists the contract now. */
  readonly region_id: number;
  /** For a bid. */
  readonly bid_id?: number;
  /** The column of `contracts` that the list contradicts. */
  readonly field?: string;
  readonly old_value?: string | null;
  readonly new_value?: string | null;
}

const columns = {
  run_id: 'text',
  contract_id: 'id',
  region_id: 'id',
  at: 'instant',
  change: 'text',
  bid_id: 'id',
  field: 'text',
  old_value: 'text',
  new_value: 'text',
} as const;

/** Writes changes of contracts, in this order, in addition to the columns with the current state. */
export function* recordChanges(
  change: ContractChange,
  changed: readonly Changed[],
  { run_id, at }: Pick<SweepRecord, 'run_id' | 'at'>,
  dialect: Dialect,
): Script<void> {
  if (changed.length === 0) return;
  const none = { bid_id: null, field: null, old_value: null, new_value: null };
  const rows = changed.map((row, place) => ({ place, run_id, at, change, ...none, ...row }));
  const names = sql.join(
    Object.keys(columns).map((name) => sql.identifier(name)),
    sql`, `,
  );
  yield* execute(sql`
    INSERT INTO contract_changes (${names})
    SELECT ${names} FROM (${dialect.rows({ place: 'id', ...columns }, rows)}) AS changed ORDER BY place`);
}

/**
 * The listed contracts that have appeared or returned since all of them were last processed.
 *
 * @param key in `meta`: the newest change that was processed. Without it, all listed contracts are returned.
 * @returns undefined if there is nothing to process; otherwise also the change to store under the key
 */
export function* listedSince(
  key: string,
): Script<{ readonly ids: readonly number[]; readonly until: string } | undefined> {
  const seen = yield* readMeta(key);
  const [newest] = yield* execute<{ until: number | null }>(sql`SELECT max(change_id) AS until FROM contract_changes`);
  const until = String(newest?.until ?? 0);
  if (seen === until) return undefined;
  const rows = yield* execute<{ contract_id: number }>(
    seen === undefined
      ? sql`SELECT contract_id FROM contracts WHERE gone_at IS NULL ORDER BY contract_id`
      : sql`SELECT DISTINCT contract_id FROM contract_changes
          WHERE change_id > ${Number(seen)} AND change IN ('appeared', 'returned') ORDER BY contract_id`,
  );
  return { ids: rows.map(({ contract_id }) => contract_id), until };
}
