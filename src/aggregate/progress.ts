/** How far a pass is; updated in place for whoever wants to show it. */
export interface Progress {
  phase: 'regions' | 'contracts' | 'bids' | 'names' | 'done';
  regions: { done: number; total: number };
  contracts: { done: number; total: number };
}

export function nothingDone(): Progress {
  return { phase: 'regions', regions: { done: 0, total: 0 }, contracts: { done: 0, total: 0 } };
}
