import type { Summary } from './summary.ts';

/** What a pass found to be different from the pass before, in a sentence for people. */
export function changesSentence({ contracts, bids }: Pick<Summary, 'contracts' | 'bids'>): string {
  const of = (count: number, what: string) => (count === 0 ? [] : [`${count} ${what}`]);
  const parts = [
    ...of(contracts.new, contracts.new === 1 ? 'contract appeared' : 'contracts appeared'),
    ...of(contracts.gone, contracts.gone === 1 ? 'is gone' : 'are gone'),
    ...of(contracts.extended, contracts.extended === 1 ? 'was extended' : 'were extended'),
    ...of(contracts.moved, 'moved to another region'),
    ...of(contracts.differing, contracts.differing === 1 ? 'difference was found' : 'differences were found'),
    ...of(bids.new, bids.new === 1 ? 'bid was made' : 'bids were made'),
  ];
  if (parts.length === 0) return 'nothing has changed since the last pass';
  const last = parts.pop();
  return `since the last pass ${parts.length === 0 ? '' : `${parts.join(', ')} and `}${last}`;
}
