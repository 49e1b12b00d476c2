import type { UnitOfWork } from './records/pass.ts';

/** The row of the table `contracts` for a unit of work. */
export function contractRow({ contract, items, region_id, first_seen_at, last_seen_at }: UnitOfWork) {
  const title_folded = contract.title?.toLowerCase() ?? null;
  const listing = { region_id, first_seen_at, last_seen_at, gone_at: null, outcome: null };
  return { ...contract, ...listing, title_folded, ...contentsOf(items), bids_expire_at: null };
}

/** A summary of a contract's contents, which never change. */
function contentsOf(known: UnitOfWork['items']) {
  const items = known ?? [];
  const offered = items.filter(({ is_included }) => is_included);
  const [first] = offered;
  const isSole = first !== undefined && offered.every(({ type_id }) => type_id === first.type_id);
  return {
    item_count: known?.length ?? null,
    asked_item_count: items.length - offered.length,
    sole_type_id: isSole ? first.type_id : null,
    sole_quantity: isSole ? offered.reduce((sum, { quantity }) => sum + quantity, 0) : null,
  };
}

/** The row of the table `contract_changes` for a unit of work. */
export function appearanceRow({ run_id, stored_at, region_id, contract: { contract_id } }: UnitOfWork) {
  return { run_id, contract_id, region_id, at: stored_at, change: 'appeared' } as const;
}
