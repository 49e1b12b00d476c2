import { messageOf } from '../errors.ts';
import { type EsiClient, EsiFault, type Refusal } from '../esi/client.ts';
import { type Parsed, parseContract, parseItem } from '../esi/schemas.ts';
import { type Contract, type Item, typesWithItems } from '../eve/contract.ts';
import { nextAttemptAt } from '../store/backoff.ts';
import type { BacklogStatus, DueContract, Store } from '../store/store.ts';
import { RejectedError } from '../store/unit-of-work.ts';
import { type Clock, toInstant } from '../time.ts';

export interface ContractContext {
  readonly run_id: string;
  readonly esi: Pick<EsiClient, 'contractItems'>;
  readonly store: Pick<Store, 'storeContract' | 'postponeContract'>;
  readonly now: Clock;
}

export type ContractResult =
  | { readonly status: 'stored'; readonly contract: Contract; readonly items: readonly Item[] }
  | { readonly status: BacklogStatus; readonly reason: string };

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
 * One unit of work: fetches the items of a contract in the backlog, then writes the contract and all its items in one
 * transaction. When anything is amiss nothing is written of it but a note in the backlog.
 *
 * @throws {StopError} when the pass ends first; the contract then waits as if it had not been tried
 */
export async function settleContract(due: DueContract, context: ContractContext): Promise<ContractResult> {
  const { run_id, esi, store, now } = context;
  try {
    const contract = usable(parseContract(JSON.parse(due.row)), 'row');
    const items = typesWithItems.includes(contract.type) ? await fetchItems(contract, esi) : [];
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
    return { status: postponed.status, reason: postponed.message };
  }
}

async function fetchItems({ contract_id, type }: Contract, esi: ContractContext['esi']): Promise<Item[]> {
  const answer = await esi.contractItems(contract_id);
  if (answer.kind === 'refused') {
    const reason = `${answer.status} ${answer.reason}`.trim();
    throw new Postponed(isGone(answer) ? 'gone_before_items' : 'deferred', reason, answer.status);
  }
  const items = new Map<number, Item>();
  for (const [index, row] of answer.rows.entries()) {
    const item = usable(parseItem(row), `item ${index}`, row);
    if (!items.has(item.record_id)) items.set(item.record_id, item);
  }
  // The game allows no such contract, so the list is not the whole truth.
  if (items.size === 0) throw new Postponed('deferred', `200 with no items, which no ${type} has`, 200);
  return [...items.values()];
}

/** 204, 404 and two of the texts of 403 say that the contract was accepted, deleted or has expired. */
function isGone({ status, reason }: Refusal): boolean {
  return status === 204 || status === 404 || (status === 403 && /accepted|not public/i.test(reason));
}

function usable<Value>(parsed: Parsed<Value>, what: string, row?: unknown): Value {
  if (parsed.ok) return parsed.value;
  const raw = row === undefined ? '' : `: ${JSON.stringify(row)}`;
  throw new Postponed('quarantined', `${what} cannot be used (${parsed.reason})${raw}`, null);
}

function postponementFor(error: unknown): Postponed {
  if (error instanceof Postponed) return error;
  if (error instanceof EsiFault) return new Postponed('deferred', messageOf(error), error.status);
  if (error instanceof RejectedError) return new Postponed('deferred', messageOf(error), null);
  throw error;
}
