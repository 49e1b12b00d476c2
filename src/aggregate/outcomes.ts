import type { EsiClient } from '../esi/client.ts';
import { contractItemsPath, isAcceptance } from '../esi/routes/contract-items.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { type Clock, toInstant } from '../time.ts';
import { faultAsAnswer } from './reference/objects.ts';

export interface OutcomesContext {
  readonly esi: Pick<EsiClient, 'request'>;
  readonly store: Pick<Store, 'unresolvedContracts' | 'recordEvidence'>;
  readonly now: Clock;
  readonly log: Log;
  /** The maximum number of requests. */
  readonly resolve: number;
}

/** The result of resolving the outcomes of contracts that left before their expiry. */
export interface OutcomesTally {
  asked: number;
  accepted: number;
}

/**
 * Requests the items of contracts that left before their expiry again, the latest first: ESI's refusal says whether a
 * player accepted the contract. Each refusal costs an error of the budget that is shared with the user's other tools,
 * so this ends when it would have to wait for that budget.
 *
 * @throws {StopError} when the pass ends early
 */
export async function resolveOutcomes(tally: OutcomesTally, context: OutcomesContext): Promise<void> {
  const { esi, store, now, log, resolve } = context;
  if (resolve === 0) return;
  for (const contract_id of await store.unresolvedContracts(resolve)) {
    const answer = await faultAsAnswer(esi.request(contractItemsPath(contract_id), { waitsForLimits: false }));
    const at = toInstant(now());
    if (answer.kind === 'fault' && answer.isHeldUp) return;
    tally.asked += 1;
    if (answer.kind === 'fault' || answer.kind === 'not_modified') {
      const said = answer.kind === 'fault' ? answer.reason : 'unexpected 304';
      log.debug(`contract ${contract_id}: outcome not resolved: ${said}`, { contract_id });
      await store.recordEvidence({ contract_id, at, status: null, answer: said, outcome: null });
      continue;
    }
    const isAccepted = answer.kind === 'refused' && isAcceptance(answer);
    const outcome = isAccepted ? 'accepted' : 'withdrawn_or_unknown';
    const [status, said] = answer.kind === 'refused' ? [answer.status, answer.reason] : [200, 'items returned'];
    await store.recordEvidence({ contract_id, at, status, answer: said, outcome });
    if (isAccepted) tally.accepted += 1;
  }
}
