/** How much of some work is done. Updated in place, so that the display can read it at any time. */
export interface Count {
  done: number;
  total: number;
}

/** The progress of a pass. */
export interface Progress {
  phase: 'regions' | 'contracts' | 'bids' | 'names' | 'done';
  readonly regions: Count;
  readonly contracts: Count;
  /** Auctions whose bids are due. */
  readonly bids: Count;
  /** Types, rolls and the like. The total grows, because types lead to groups and rolls. */
  readonly names: Count;
}

export function nothingDone(): Progress {
  const none = () => ({ done: 0, total: 0 });
  return { phase: 'regions', regions: none(), contracts: none(), bids: none(), names: none() };
}
