import { sql } from 'drizzle-orm';
import { ask, type Dialect, type Script } from './script.ts';
import type { ContractChange, SweepRecord } from './store.ts';

/** A contract that something happened to. */
export interface Changed {
  readonly contract_id: number;
  /** Of a bid. */
  readonly bid_id?: number;
}

const columns = {
  run_id: 'text',
  contract_id: 'id',
  region_id: 'id',
  at: 'instant',
  change: 'text',
  bid_id: 'id',
} as const;

/** Enters what happened into the ledger of contracts, in this order, beside the columns that say how things are now. */
export function* noteChanges(
  change: ContractChange,
  changed: readonly Changed[],
  { run_id, region_id, at }: Pick<SweepRecord, 'run_id' | 'region_id' | 'at'>,
  dialect: Dialect,
): Script<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ contract_id, bid_id = null }, place) => ({
    place,
    run_id,
    contract_id,
    region_id,
    at,
    change,
    bid_id,
  }));
  yield* ask(sql`
    INSERT INTO contract_changes (run_id, contract_id, region_id, at, change, bid_id)
    SELECT run_id, contract_id, region_id, at, change, bid_id
    FROM (${dialect.rows({ place: 'id', ...columns }, rows)}) AS changed ORDER BY place`);
}
