import { messageOf } from '../errors.ts';
import { EsiFault } from '../esi/answer.ts';
import type { EsiClient } from '../esi/client.ts';
import { hasNoBids, parseBid } from '../esi/routes/contract-bids.ts';
import type { Bid } from '../eve/contract.ts';
import type { Log } from '../log.ts';
import type { DueAuction } from '../store/records/pass.ts';
import type { Store } from '../store/store.ts';
import { type Clock, instantAfter, toInstant } from '../time.ts';
import { forEach } from './each.ts';
import type { Count } from './progress.ts';

export interface BidsContext {
  readonly run_id: string;
  readonly esi: Pick<EsiClient, 'contractBids'>;
  readonly store: Pick<Store, 'dueAuctions' | 'recordBids'>;
  readonly now: Clock;
  readonly concurrency: number;
  readonly log: Log;
  readonly progress?: Count;
}

/**
 * The result of the bid requests of a pass. Counted as they end, so the numbers are right even if the pass ends early.
 */
export interface BidsTally {
  /** Auctions with a usable answer. */
  asked: number;
  /** Bids that were not stored yet. */
  new: number;
  /** Auctions without a usable answer; their bids stay due. */
  failed: number;
}

/**
 * Delay after a refused request. A refusal costs an error of the budget that is shared by all tools on this address,
 * and the auction has most likely ended; by then the region's list shows whether it has.
 */
const refusedDelayMilliseconds = 60 * 60_000;

/**
 * Requests the bids of every listed auction of these regions whose last answer has expired, and stores new bids. Bids
 * that an answer no longer shows are kept.
 *
 * @throws {StopError} when the pass ends early
 */
export async function refreshBids(regionIds: readonly number[], tally: BidsTally, context: BidsContext): Promise<void> {
  const { store, now, concurrency, progress } = context;
  const begunAt = toInstant(now());
  const due = await store.dueAuctions(regionIds, begunAt);
  const refresh = async (auction: DueAuction) => {
    // The request may have waited for a limit. For an auction that has ended since, it can only cost an error.
    const hasEndedMeanwhile = auction.date_expired > begunAt && auction.date_expired <= toInstant(now());
    if (!hasEndedMeanwhile) await refreshAuction(auction, tally, context);
  };
  await forEach(due, concurrency, refresh, progress);
}

async function refreshAuction(
  auction: DueAuction,
  tally: BidsTally,
  { run_id, esi, store, now, log }: BidsContext,
): Promise<void> {
  const { contract_id, region_id } = auction;
  try {
    const answer = await esi.contractBids(contract_id);
    if (answer.kind === 'refused' && !hasNoBids(answer)) {
      throw new EsiFault(`bids of contract ${contract_id}: ${answer.status} ${answer.reason}`, answer.status);
    }
    const bids = answer.kind === 'refused' ? [] : usableBids(answer.rows, auction, log);
    const expires_at = wholeSecondsAfter(answer.expiresAt ?? new Date(now().getTime() + refusedDelayMilliseconds));
    const at = toInstant(now());
    const newBids = await store.recordBids({ run_id, contract_id, region_id, at, bids, expires_at });
    tally.new += newBids;
    tally.asked += 1;
  } catch (error) {
    if (!(error instanceof EsiFault)) throw error;
    tally.failed += 1;
    log.debug(messageOf(error), { region_id, contract_id });
  }
}

function usableBids(rows: readonly unknown[], { region_id, contract_id }: DueAuction, log: Log): Bid[] {
  return rows.flatMap((row) => {
    const parsed = parseBid(row);
    if (parsed.ok) return [parsed.value];
    log.debug(`contract ${contract_id}: skipped a malformed bid (${parsed.reason}): ${JSON.stringify(row)}`, {
      region_id,
      contract_id,
    });
    return [];
  });
}

/** Rounded up, because instants have whole seconds and no request may be sent before the answer has expired. */
function wholeSecondsAfter(date: Date): string {
  return instantAfter(date, 999);
}
