import { sql } from 'drizzle-orm';
import type { ContractChange, SweepRecord } from '../records.ts';
import { type Dialect, execute, type Script } from '../script.ts';

/** A contract that something happened to. */
export interface Changed {
  readonly contract_id: number;
  /** The region that it is listed in by now. */
  readonly region_id: number;
  /** Of a bid. */
  readonly bid_id?: number;
  /** Of a column of `contracts` that the list contradicts. */
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

/** Enters what happened into the changes of contracts, in this order, beside the columns that say how things are now. */
export function* noteChanges(
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
