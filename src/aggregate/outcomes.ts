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
  /** Requests that may be spent. */
  readonly resolve: number;
}

/** What became of contracts that went before their end, as far as a pass asked. */
export interface OutcomesTally {
  asked: number;
  accepted: number;
}

/**
 * Asks once more for the items of contracts that went before their end, the last ones first: ESI's refusal says whether a
 * player accepted one. Each refusal costs an error of the budget that the user's other tools share, so it ends where that
 * would have to be waited for.
 *
 * @throws {StopError} when the pass ends first
 */
export async function resolveOutcomes(tally: OutcomesTally, context: OutcomesContext): Promise<void> {
  const { esi, store, now, log, resolve } = context;
  if (resolve === 0) return;
  for (const contract_id of await store.unresolvedContracts(resolve)) {
    const answer = await faultAsAnswer(esi.request(contractItemsPath(contract_id), { isPatient: false }));
    const at = toInstant(now());
    if (answer.kind === 'fault' && answer.isHeldUp) return;
    tally.asked += 1;
    if (answer.kind === 'fault' || answer.kind === 'not_modified') {
      const said = answer.kind === 'fault' ? answer.reason : '304 unasked';
      log.debug(`no evidence about contract ${contract_id}: ${said}`, { contract_id });
      await store.recordEvidence({ contract_id, at, status: null, answer: said, outcome: null });
      continue;
    }
    const isAccepted = answer.kind === 'refused' && isAcceptance(answer);
    const outcome = isAccepted ? 'accepted' : 'withdrawn_or_unknown';
    const [status, said] = answer.kind === 'refused' ? [answer.status, answer.reason] : [200, 'the items'];
    await store.recordEvidence({ contract_id, at, status, answer: said, outcome });
    if (isAccepted) tally.accepted += 1;
  }
}
