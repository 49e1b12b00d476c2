import type { Summary } from '../../aggregate/summary.ts';

/**
 * The end of a pass in one line: what is left for the next pass, then what this one did. Counts of zero are left out,
 * except those of contracts and requests.
 */
export function summaryLine(summary: Summary): string {
  const { outcome, regions, contracts, items_stored, bids, requests, left } = summary;
  const seconds = (Date.parse(summary.finished_at) - Date.parse(summary.started_at)) / 1_000;
  const counts = [
    `${regions.complete + regions.fresh} regions complete` +
      ifAny(regions.fresh, 'of them not due') +
      ifAny(regions.inconclusive, 'inconclusive') +
      ifAny(regions.doubtful, 'doubtful') +
      ifAny(regions.failed, 'failed'),
    `${contracts.listed} contracts listed` +
      ifAny(contracts.stored, `stored with ${items_stored} items`) +
      ifAny(contracts.gone, 'gone') +
      ifAny(contracts.deferred, 'deferred') +
      ifAny(contracts.quarantined, 'quarantined'),
    ...(bids.asked > 0 ? [`${bids.asked} auctions checked${ifAny(bids.new, 'new bids')}`] : []),
    `${requests.total} requests${ifAny(requests.not_modified, 'not modified')}${ifAny(requests.errors, 'errors')}`,
  ].join('; ');
  return `${outcome} in ${seconds} s: ${[...left, counts].join('; ')}`;
}

const ifAny = (count: number, what: string) => (count > 0 ? `, ${count} ${what}` : '');
