/** The progress of a pass. Updated in place, so that the display can read it at any time. */
export interface Progress {
  phase: 'regions' | 'contracts' | 'bids' | 'names' | 'done';
  regions: { done: number; total: number };
  contracts: { done: number; total: number };
  /** Auctions whose bids are due. */
  bids: { done: number; total: number };
}

export function nothingDone(): Progress {
  const none = () => ({ done: 0, total: 0 });
  return { phase: 'regions', regions: none(), contracts: none(), bids: none() };
}
