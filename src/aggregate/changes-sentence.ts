import type { Summary } from './summary.ts';

/** The changes since the previous pass, as a sentence. */
export function changesSentence({ contracts, bids }: Pick<Summary, 'contracts' | 'bids'>): string {
  const counts: [count: number, what: string][] = [
    [contracts.new, contracts.new === 1 ? 'new contract' : 'new contracts'],
    [contracts.gone, 'gone'],
    [contracts.returned, 'returned'],
    [contracts.extended, 'extended'],
    [contracts.moved, 'moved to another region'],
    [contracts.differing, contracts.differing === 1 ? 'difference' : 'differences'],
    [bids.new, bids.new === 1 ? 'new bid' : 'new bids'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return parts.length === 0 ? 'no changes since the previous pass' : `since the previous pass: ${parts.join(', ')}`;
}
