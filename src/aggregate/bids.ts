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

export interface BidsContext {
  readonly run_id: string;
  readonly esi: Pick<EsiClient, 'contractBids'>;
  readonly store: Pick<Store, 'dueAuctions' | 'recordBids'>;
  readonly now: Clock;
  readonly concurrency: number;
  readonly log: Log;
  /** Auctions so far, updated in place. */
  readonly progress?: { done: number; total: number };
}

/** What became of the auctions whose bids were due; counted as it happens, so that it is right however a pass ends. */
export interface BidsTally {
  /** Auctions that were answered for. */
  asked: number;
  /** Bids that had not been seen before. */
  new: number;
  /** Auctions without a usable answer; their bids stay due. */
  failed: number;
}

/**
 * A refusal counts as an error in the budget that all tools on the user's address share, and an auction that is refused
 * is most likely over: it is left alone until its region's list has had time to say so.
 */
const refusedDelayMilliseconds = 60 * 60_000;

/**
 * Asks for the bids of every listed auction of these regions whose last answer has expired, and keeps those that are
 * new. Bids that an answer no longer shows are kept too.
 *
 * @throws {StopError} when the pass ends first
 */
export async function refreshBids(regionIds: readonly number[], tally: BidsTally, context: BidsContext): Promise<void> {
  const { store, now, concurrency, progress = { done: 0, total: 0 } } = context;
  const begunAt = toInstant(now());
  const due = await store.dueAuctions(regionIds, begunAt);
  progress.total = due.length;
  await forEach(due, concurrency, async (auction) => {
    // Limits may have been waited for, and an auction that has ended meanwhile can only cost an error.
    const hasEndedMeanwhile = auction.date_expired > begunAt && auction.date_expired <= toInstant(now());
    if (!hasEndedMeanwhile) await refreshAuction(auction, tally, context);
    progress.done += 1;
  });
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
    log.debug(`a bid on contract ${contract_id} cannot be used (${parsed.reason}): ${JSON.stringify(row)}`, {
      region_id,
      contract_id,
    });
    return [];
  });
}

/** Rounded up: instants have whole seconds, and an answer is never asked about before it has expired. */
function wholeSecondsAfter(date: Date): string {
  return instantAfter(date, 999);
}
