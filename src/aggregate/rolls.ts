import type { EsiClient } from '../esi/client.ts';
import { dynamicItemPath, isNoSuchItem, parseRoll } from '../esi/routes/dynamic-items.ts';
import type { Log } from '../log.ts';
import { nextAttemptAt } from '../store/backoff.ts';
import type { DueRoll } from '../store/records/worth.ts';
import type { Store } from '../store/store.ts';
import { type Clock, toInstant } from '../time.ts';
import { forEach } from './each.ts';
import type { Count } from './progress.ts';
import { faultAsAnswer } from './reference/objects.ts';

export interface RollsContext {
  readonly esi: Pick<EsiClient, 'request'>;
  readonly store: Pick<Store, 'enterRolls' | 'dueRolls' | 'saveRoll' | 'postponeRoll'>;
  readonly now: Clock;
  readonly concurrency: number;
  readonly log: Log;
  readonly progress?: Count;
}

/** The result of fetching the rolls of mutated modules. */
export interface RollsTally {
  /** Rolls stored by this pass. */
  stored: number;
  /** Modules that ESI does not know. */
  unknown: number;
  /** Failed rolls, to be requested again. */
  failed: number;
}

/**
 * Fetches the rolls of mutated modules on offer, each once. A failed roll is retried with the delays of a contract's
 * items; its contract is stored regardless.
 *
 * @throws {StopError} when the pass ends early
 */
export async function fetchRolls(tally: RollsTally, context: RollsContext): Promise<void> {
  const { store, concurrency, now } = context;
  await store.enterRolls();
  const due = await store.dueRolls(toInstant(now()));
  await forEach(due, concurrency, (roll) => fetchRoll(roll, tally, context), context.progress);
}

async function fetchRoll(
  { item_id, type_id, attempts: before }: DueRoll,
  tally: RollsTally,
  { esi, store, now, log }: RollsContext,
): Promise<void> {
  const attempts = before + 1;

  async function postpone(last_answer: string, is_unknown: boolean): Promise<void> {
    tally[is_unknown ? 'unknown' : 'failed'] += 1;
    log.debug(`roll of module ${item_id} not fetched: ${last_answer}`, { item_id, type_id });
    const next_attempt_at = is_unknown ? null : nextAttemptAt(attempts, now());
    await store.postponeRoll({ item_id, attempts, next_attempt_at, last_answer, is_unknown });
  }
  const answer = await faultAsAnswer(esi.request(dynamicItemPath(type_id, item_id)));
  if (answer.kind === 'fault') return postpone(answer.reason, false);
  if (answer.kind === 'not_modified') return postpone('unexpected 304', false);
  if (answer.kind === 'refused') return postpone(`${answer.status} ${answer.reason}`, isNoSuchItem(answer));
  const parsed = parseRoll(answer.body);
  if (!parsed.ok) return postpone(parsed.reason, false);
  await store.saveRoll({ item_id, ...parsed.value, fetched_at: toInstant(now()) });
  tally.stored += 1;
}
