import { randomUUID } from 'node:crypto';
import type { RegionSweep, RunCounts } from '../../src/store/records/pass.ts';

/** A region's row in the ledger, by default of a separate pass. */
export function sweepRow(
  given: Pick<RegionSweep, 'region_id' | 'outcome' | 'finished_at'> & Partial<RegionSweep>,
): RegionSweep {
  const counts = { listed: 0, new: 0, returned: 0, gone: 0, quarantined: 0, stored: 0, deferred: 0 };
  const requests = { pages: 1, requests: 1, not_modified: 0, errors: 0 };
  const none = { last_modified: null, error: null };
  return { run_id: randomUUID(), started_at: given.finished_at, ...counts, ...requests, ...none, ...given };
}

/** Counts of a pass, no two of them equal. */
export const runCounts: RunCounts = {
  regions_complete: 1,
  regions_inconclusive: 2,
  regions_failed: 3,
  regions_doubtful: 0,
  regions_fresh: 4,
  regions_not_reached: 5,
  contracts_listed: 6,
  contracts_new: 7,
  contracts_stored: 8,
  contracts_gone: 9,
  contracts_deferred: 10,
  contracts_quarantined: 11,
  items_stored: 12,
  requests_total: 13,
  requests_not_modified: 14,
  requests_errors: 15,
};
