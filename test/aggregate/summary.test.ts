import { describe, expect, test } from 'vitest';
import { countsOf, type PassResult, summarize } from '../../src/aggregate/summary.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import type { RegionSweep, SweepOutcome, WaitingCount } from '../../src/store/records/pass.ts';

const region = (outcome: SweepOutcome, given: Partial<RegionSweep> = {}): RegionSweep => ({
  run_id: 'run',
  region_id: 10_000_002,
  outcome,
  started_at: '2026-03-01T12:00:00Z',
  finished_at: '2026-03-01T12:01:00Z',
  last_modified: null,
  pages: 1,
  listed: 0,
  new: 0,
  returned: 0,
  stored: 0,
  gone: 0,
  deferred: 0,
  quarantined: 0,
  requests: 0,
  not_modified: 0,
  errors: 0,
  error: null,
  ...given,
});

const waiting = (status: WaitingCount['status'], contracts: number): WaitingCount => ({
  region_id: 10_000_002,
  status,
  contracts,
});

const result = (given: Partial<PassResult> = {}): PassResult => ({
  run_id: 'run',
  started_at: '2026-03-01T12:00:00Z',
  finished_at: '2026-03-01T12:01:00Z',
  sweeps: [],
  reportedBefore: new Set(),
  isNews: false,
  requests_by_route: {},
  limits: { errors_remaining: null, tokens_remaining: {} },
  lists: { extended: 0, moved: 0, differing: 0 },
  market_prices: 'fresh',
  outcomes: { asked: 0, accepted: 0 },
  rolls: { stored: 0, unknown: 0, failed: 0 },
  waiting: [],
  failed: 0,
  items_stored: 0,
  bids: { asked: 0, new: 0, failed: 0 },
  requests: { total: 5, not_modified: 0, errors: 0 },
  answered: true,
  stop: undefined,
  ...given,
});

const judged = (given: Partial<PassResult>) => {
  const { outcome, exit_code, left } = summarize(result(given));
  return { outcome, exit_code, left };
};

describe('a pass', () => {
  test('is complete when nothing is left', () => {
    const sweeps = [region('complete'), region('fresh')];
    expect(judged({ sweeps })).toEqual({ outcome: 'complete', exit_code: exitCodes.done, left: [] });
  });

  test('that had to ask nothing is complete', () => {
    const requests = { total: 0, not_modified: 0, errors: 0 };
    expect(judged({ answered: false, requests })).toMatchObject({ outcome: 'complete', exit_code: exitCodes.done });
  });

  test.each<[string, Partial<PassResult>, RegExp]>([
    [
      'a region is inconclusive',
      { sweeps: [region('inconclusive', { error: 'page 2: 500' })] },
      /10000002.*page 2: 500/,
    ],
    ['a region failed', { sweeps: [region('failed', { error: 'page 1: 404' })] }, /10000002 failed \(page 1: 404\)/],
    ['a region was not reached', { sweeps: [region('not_reached')] }, /1 regions not reached/],
    ['a region is in doubt', { sweeps: [region('doubtful', { error: '7 of 7' })] }, /10000002 doubtful \(7 of 7\)/],
    ['contracts failed', { waiting: [waiting('deferred', 2)], failed: 2 }, /2 contracts in the backlog/],
    [
      'it ended early',
      { stop: { cause: 'max_duration', message: 'the time is over', exitCode: exitCodes.failure } },
      /the time is over/,
    ],
  ])('is partial when %s, which is named', (_when, given, name) => {
    const { outcome, exit_code, left } = judged(given);
    expect([outcome, exit_code]).toEqual(['partial', exitCodes.partial]);
    expect(left).toEqual([expect.stringMatching(name)]);
  });

  test('is not partial because of rows that cannot be used, or of contracts that were gone', () => {
    const given = {
      sweeps: [region('complete', { quarantined: 3 })],
      waiting: [waiting('quarantined', 1), waiting('gone_before_items', 4)],
    };
    expect(judged(given)).toEqual({ outcome: 'complete', exit_code: exitCodes.done, left: [] });
  });

  test('is not partial because of contracts that have failed for long, or of a region that was reported before', () => {
    const given = {
      sweeps: [region('failed', { error: 'page 1: 404 Region not found' })],
      reportedBefore: new Set([10_000_002]),
      waiting: [waiting('deferred', 3)],
    };
    expect(judged(given)).toEqual({ outcome: 'complete', exit_code: exitCodes.done, left: [] });
  });

  test('that ends early leaves what it did not reach', () => {
    const stop = { cause: 'max_requests', message: 'enough', exitCode: exitCodes.failure } as const;
    const { left } = judged({ stop, waiting: [waiting('deferred', 9)], failed: 1 });
    expect(left).toEqual(['stopped early: enough', '9 contracts in the backlog']);
  });

  test.each([exitCodes.interrupted, exitCodes.terminated])('by a signal ends with its code, %i', (exitCode) => {
    const stop = { cause: 'signal', message: 'signal', exitCode } as const;
    expect(judged({ stop })).toMatchObject({ outcome: 'interrupted', exit_code: exitCode });
  });

  test('is unavailable when ESI is', () => {
    const stop = { cause: 'esi_unavailable', message: 'down', exitCode: exitCodes.failure } as const;
    const unavailable = { outcome: 'unavailable', exit_code: exitCodes.unavailable };
    expect(judged({ stop })).toMatchObject(unavailable);
  });
});

test('counts are added up over the regions', () => {
  const summary = summarize(
    result({
      sweeps: [
        region('complete', { listed: 10, new: 4, returned: 3, stored: 3, gone: 2, quarantined: 1 }),
        region('inconclusive', { listed: 20, new: 1, returned: 5, stored: 1, quarantined: 1 }),
        region('doubtful'),
        region('failed'),
        region('fresh', { listed: 30 }),
        region('not_reached'),
      ],
      lists: { extended: 1, moved: 2, differing: 3 },
      waiting: [
        waiting('deferred', 5),
        waiting('deferred', 1),
        waiting('quarantined', 2),
        waiting('gone_before_items', 7),
      ],
      items_stored: 44,
      bids: { asked: 9, new: 8, failed: 6 },
      requests: { total: 50, not_modified: 20, errors: 3 },
    }),
  );
  expect(summary).toMatchObject({
    run_id: 'run',
    started_at: '2026-03-01T12:00:00Z',
    finished_at: '2026-03-01T12:01:00Z',
    regions: { complete: 1, inconclusive: 1, doubtful: 1, failed: 1, fresh: 1, not_reached: 1 },
    contracts: {
      listed: 60,
      new: 5,
      stored: 4,
      gone: 2,
      returned: 8,
      extended: 1,
      moved: 2,
      differing: 3,
      deferred: 6,
      quarantined: 4,
      gone_before_items: 7,
    },
    items_stored: 44,
    bids: { asked: 9, new: 8, failed: 6 },
    requests: { total: 50, not_modified: 20, errors: 3 },
  });
  expect(countsOf(summary)).toEqual({
    regions_complete: 1,
    regions_inconclusive: 1,
    regions_doubtful: 1,
    regions_failed: 1,
    regions_fresh: 1,
    regions_not_reached: 1,
    contracts_listed: 60,
    contracts_new: 5,
    contracts_stored: 4,
    contracts_gone: 2,
    contracts_deferred: 6,
    contracts_quarantined: 4,
    items_stored: 44,
    requests_total: 50,
    requests_not_modified: 20,
    requests_errors: 3,
  });
});
