import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../errors.ts';
import { EsiFault } from '../esi/answer.ts';
import type { EsiClient } from '../esi/client.ts';
import { isContractGone, parseItem } from '../esi/routes/contract-items.ts';
import { parseContract } from '../esi/routes/contract-list.ts';
import type { Parsed } from '../esi/schema.ts';
import { type Contract, type Item, typesWithItems, typesWithoutItems } from '../eve/contract.ts';
import { nextAttemptAt } from '../store/backoff.ts';
import { RejectedError } from '../store/failures.ts';
import type { BacklogStatus, DueContract } from '../store/records/pass.ts';
import type { Store } from '../store/store.ts';
import { type Clock, toInstant } from '../time.ts';

export interface ContractContext {
  readonly run_id: string;
  readonly esi: Pick<EsiClient, 'contractItems'>;
  readonly store: Pick<Store, 'storeContract' | 'postponeContract'>;
  readonly now: Clock;
}

export type ContractResult =
  | { readonly status: 'stored'; readonly contract: Contract; readonly items: readonly Item[] | null }
  | {
      readonly status: BacklogStatus;
      readonly reason: string;
      /** The status of ESI's answer; null without an answer. */
      readonly httpStatus: number | null;
    };

/** Why a contract cannot be stored now. */
class Postponed extends Error {
  readonly status: BacklogStatus;
  readonly httpStatus: number | null;

  constructor(status: BacklogStatus, reason: string, httpStatus: number | null) {
    super(reason);
    this.status = status;
    this.httpStatus = httpStatus;
  }
}

/**
 * Fetches the items of a contract in the backlog, then writes the contract and all its items in one transaction. On any
 * failure, only the backlog row is updated.
 *
 * @throws {StopError} when the pass ends early; the attempt does not count then
 */
export async function settleContract(due: DueContract, context: ContractContext): Promise<ContractResult> {
  const { run_id, esi, store, now } = context;
  try {
    const contract = usable(parseContract(JSON.parse(due.row)), 'row');
    const items = await itemsOf(contract, esi);
    const { region_id, first_seen_at, last_seen_at } = due;
    const stored_at = toInstant(now());
    await store.storeContract({ run_id, stored_at, contract, items, region_id, first_seen_at, last_seen_at });
    return { status: 'stored', contract, items };
  } catch (error) {
    const postponed = postponementFor(error);
    const attempts = due.attempts + 1;
    await store.postponeContract({
      contract_id: due.contract_id,
      status: postponed.status,
      attempts,
      next_attempt_at: nextAttemptAt(attempts, now()),
      last_status: postponed.httpStatus,
      last_answer: postponed.message,
    });
    return { status: postponed.status, reason: postponed.message, httpStatus: postponed.httpStatus };
  }
}

/**
 * Fetches a contract's items. Accepts any answer for a contract type that is newer than this program, because it may or
 * may not have items; null when ESI refuses.
 */
async function itemsOf(contract: Contract, esi: ContractContext['esi']): Promise<Item[] | null> {
  const { contract_id, type } = contract;
  if (typesWithoutItems.includes(type)) return [];
  const hasItems = typesWithItems.includes(type);
  const answer = await esi.contractItems(contract_id);
  if (answer.kind === 'refused') {
    if (!hasItems) return null;
    const reason = `${answer.status} ${answer.reason}`.trim();
    throw new Postponed(isContractGone(answer) ? 'gone_before_items' : 'deferred', reason, answer.status);
  }
  const items = distinctItems(answer.rows);
  // The game allows no such contract, so ESI's list of items is incomplete.
  if (items.length === 0 && hasItems) throw new Postponed('deferred', `200 with no items; every ${type} has some`, 200);
  return items;
}

/**
 * Drops duplicate items. ESI, like the game's own window, has returned one item twice, equal in all fields including
 * `item_id` (esi/esi-issues#1036). Different items under one `record_id` are an error.
 */
function distinctItems(rows: readonly unknown[]): Item[] {
  const items = new Map<number, Item>();
  for (const [index, row] of rows.entries()) {
    const item = usable(parseItem(row), `item ${index}`, row);
    const known = items.get(item.record_id);
    if (known !== undefined && !isDeepStrictEqual(known, item)) {
      throw new Postponed('deferred', `two different items have the record_id ${item.record_id}`, 200);
    }
    items.set(item.record_id, item);
  }
  return [...items.values()];
}

function usable<Value>(parsed: Parsed<Value>, what: string, row?: unknown): Value {
  if (parsed.ok) return parsed.value;
  const raw = row === undefined ? '' : `: ${JSON.stringify(row)}`;
  throw new Postponed('quarantined', `${what} is malformed (${parsed.reason})${raw}`, null);
}

function postponementFor(error: unknown): Postponed {
  if (error instanceof Postponed) return error;
  if (error instanceof EsiFault) return new Postponed('deferred', messageOf(error), error.status);
  if (error instanceof RejectedError) return new Postponed('deferred', messageOf(error), null);
  throw error;
}
