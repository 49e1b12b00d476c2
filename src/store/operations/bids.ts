import { sql } from 'drizzle-orm';
import { isDue } from '../backoff.ts';
import type { BidsLook, DueAuction } from '../records/pass.ts';
import { type Dialect, type Driver, execute, type Script } from '../script.ts';
import type { Store } from '../store.ts';
import { recordChanges } from './changes.ts';

export function bidOperations({ transact, read, dialect }: Driver): Pick<Store, 'dueAuctions' | 'recordBids'> {
  return {
    // The + keeps planners from the index by region, through which they would read every listed contract.
    async dueAuctions(regionIds, now) {
      const rows = await read<DueAuction>(sql`
        SELECT contract_id, region_id, date_expired FROM contracts
        WHERE +region_id IN (${dialect.values('id', regionIds)}) AND gone_at IS NULL AND type = 'auction'
          AND (date_expired > ${now} OR date_expired <= last_seen_at)
          AND (bids_expire_at IS NULL OR ${isDue(sql`bids_expire_at`, now)})
        ORDER BY date_expired, contract_id`);
      return [...rows];
    },
    recordBids: (look) => transact(() => recordBids(look, dialect)),
  };
}

function* recordBids(look: BidsLook, dialect: Dialect): Script<number> {
  const { contract_id, at, bids, expires_at } = look;
  const [known] = yield* execute<{ bids_expire_at: string | null }>(
    sql`SELECT bids_expire_at FROM contracts WHERE contract_id = ${contract_id}`,
  );
  const rows = bids.map((bid) => ({ contract_id, ...bid, at }));
  const kinds = { contract_id: 'id', bid_id: 'id', amount: 'isk', date_bid: 'instant', at: 'instant' } as const;
  const isNew = yield* execute<{ bid_id: number }>(sql`
    INSERT INTO contract_bids (contract_id, bid_id, amount, date_bid, first_seen_at)
    SELECT contract_id, bid_id, amount, date_bid, at FROM (${dialect.rows(kinds, rows)}) AS seen WHERE TRUE
    ON CONFLICT (contract_id, bid_id) DO NOTHING RETURNING bid_id`);
  // The first request finds old bids, which are not changes.
  if (known?.bids_expire_at != null) yield* recordChanges('bid', inOrder(isNew, look), look, dialect);
  yield* execute(sql`UPDATE contracts SET bids_expire_at = ${expires_at} WHERE contract_id = ${contract_id}`);
  return isNew.length;
}

/** In the order in which they were made. */
function inOrder(isNew: readonly { readonly bid_id: number }[], { contract_id, region_id, bids }: BidsLook) {
  const newIds = new Set(isNew.map(({ bid_id }) => bid_id));
  return bids
    .filter(({ bid_id }) => newIds.delete(bid_id))
    .toSorted((a, b) => (a.date_bid < b.date_bid ? -1 : a.date_bid > b.date_bid ? 1 : a.bid_id - b.bid_id))
    .map(({ bid_id }) => ({ contract_id, region_id, bid_id }));
}
