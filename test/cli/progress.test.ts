import { describe, expect, it } from 'vitest';
import { changesSentence } from '../../src/aggregate/changes-sentence.ts';
import { nothingDone } from '../../src/aggregate/progress.ts';
import { progressLine } from '../../src/commands/progress.ts';

describe('the progress of a pass', () => {
  const governor = { sent: 620, errorsRemaining: 87 };
  const counts = { done: 300, total: 4_500 };

  it.each([
    ['regions', 'lists of regions 300/4500 · 30/s · 620 requests · 87 errors left · 2:20 to go'],
    ['contracts', 'contracts 300/4500 · 30/s · 620 requests · 87 errors left · 2:20 to go'],
    ['bids', 'bids of auctions 300/4500 · 30/s · 620 requests · 87 errors left · 2:20 to go'],
    ['names', 'types and names 300/4500 · 30/s · 620 requests · 87 errors left · 2:20 to go'],
    ['done', 'finishing · 620 requests · 87 errors left'],
  ] as const)('of %s is %s', (phase, line) => {
    const progress = { ...nothingDone(), phase, regions: counts, contracts: counts, bids: counts, names: counts };
    expect(progressLine(progress, governor, 10_000)).toBe(line);
  });

  it('has no rate and no time to go before anything is done', () => {
    const line = progressLine(nothingDone(), { sent: 0, errorsRemaining: undefined }, 0);
    expect(line).toBe('lists of regions 0/0 · 0 requests');
  });
});

describe('what changed since the last pass', () => {
  const contracts = { listed: 9, stored: 1, deferred: 0, quarantined: 0, gone_before_items: 0 };
  const none = { new: 0, gone: 0, returned: 0, extended: 0, moved: 0, differing: 0 };
  const bids = { asked: 3, new: 0, failed: 0 };

  it('is one sentence', () => {
    const changed = { ...contracts, new: 120, gone: 1, returned: 4, extended: 2, moved: 3, differing: 0 };
    expect(changesSentence({ contracts: changed, bids: { ...bids, new: 12 } })).toBe(
      'since the previous pass: 120 new contracts, 1 gone, 4 returned, 2 extended, 3 moved to another region, ' +
        '12 new bids',
    );
    expect(changesSentence({ contracts: { ...contracts, ...none, gone: 5 }, bids })).toBe(
      'since the previous pass: 5 gone',
    );
    expect(changesSentence({ contracts: { ...contracts, ...none }, bids })).toBe('no changes since the previous pass');
  });
});
