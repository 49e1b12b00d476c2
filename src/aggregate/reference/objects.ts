import { messageOf } from '../../errors.ts';
import { type Answer, EsiFault, HeldUpFault } from '../../esi/answer.ts';
import type { EsiClient } from '../../esi/client.ts';
import { objectPath, parseReference } from '../../esi/routes/universe.ts';
import { namedBy, type ReferenceKind, referenceKindNames } from '../../eve/reference.ts';
import type { Log } from '../../log.ts';
import type { Reference, StaleReference } from '../../store/records/pass.ts';
import type { ReferenceStore } from '../../store/store.ts';
import { type Clock, instantAfter, toInstant } from '../../time.ts';
import { forEach } from '../each.ts';
import type { Count } from '../progress.ts';

export interface ReferenceContext {
  readonly esi: Pick<EsiClient, 'request'>;
  readonly store: ReferenceStore;
  readonly now: Clock;
  readonly concurrency: number;
  readonly log: Log;
  readonly progress?: Count;
}

/** Ids that this pass came across, by kind. Expired objects are fetched again only if they are among these. */
export type NeededIds = { readonly [Kind in ReferenceKind]: Set<number> };

export function nothingNeeded(): NeededIds {
  return Object.fromEntries(referenceKindNames.map((kind) => [kind, new Set<number>()])) as unknown as NeededIds;
}

/** ESI updates the static routes once a day, so nothing is requested more often, whatever its header says. */
const shortestKeepMilliseconds = 24 * 60 * 60_000;
/** Objects written per transaction. */
const savedAtOnce = 100;

/** Fetches objects of one kind, with the ETag of the stored object if there is one. */
export async function fetchObjects(
  kind: ReferenceKind,
  wanted: readonly StaleReference[],
  needed: NeededIds,
  context: ReferenceContext,
): Promise<void> {
  const { concurrency, store, progress } = context;
  let answered: Reference[] = [];
  const save = async () => {
    const references = answered;
    answered = [];
    if (references.length > 0) await store.saveReferences(references);
  };
  try {
    const fetchOne = async (stale: StaleReference) => {
      const reference = await fetchObject(kind, stale, needed, context);
      if (reference !== undefined) answered.push(reference);
      if (answered.length >= savedAtOnce) await save();
    };
    await forEach(wanted, concurrency, fetchOne, progress);
  } finally {
    await save();
  }
}

async function fetchObject(
  kind: ReferenceKind,
  { id, etag }: StaleReference,
  needed: NeededIds,
  { esi, store, now, log }: ReferenceContext,
): Promise<Reference | undefined> {
  const answer = await faultAsAnswer(esi.request(objectPath(kind, id), { etag }));
  if (answer.kind === 'ok') {
    const parsed = parseReference(kind, answer.body);
    if (parsed.ok) {
      for (const [named, namedId] of namedBy(kind, parsed.value)) if (named !== 'name') needed[named].add(namedId);
      return {
        kind,
        id,
        fields: parsed.value,
        response: answer.body,
        etag: answer.etag,
        fetched_at: toInstant(now()),
        expires_at: keepUntil(answer, now),
      };
    }
    await store.postponeReferences([{ kind, id, answer: parsed.reason, refused: true }], now());
    log.debug(`${kind} ${id} is malformed: ${parsed.reason}`, { kind, id });
    return undefined;
  }
  if (answer.kind === 'not_modified') {
    await store.extendReference(kind, id, keepUntil(answer, now));
    return undefined;
  }
  const refused = answer.kind === 'refused';
  await store.postponeReferences([{ kind, id, answer: answer.reason, refused }], now());
  log.debug(`${kind} ${id} not fetched: ${answer.reason}`, { kind, id });
  return undefined;
}

/** The earliest time for the next request of a static object. */
export function keepUntil({ expiresAt }: { readonly expiresAt: Date }, now: Clock): string {
  return instantAfter(now(), Math.max(expiresAt.getTime() - now().getTime(), shortestKeepMilliseconds));
}

export type AnswerOrFault =
  | Answer
  | {
      readonly kind: 'fault';
      readonly reason: string;
      /** Whether the request was not sent because a limit would have caused a wait. */
      readonly isHeldUp: boolean;
    };

/** Turns a failed request into an answer: the data is left for a later pass. */
export async function faultAsAnswer(request: Promise<Answer>): Promise<AnswerOrFault> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof EsiFault)
      return { kind: 'fault', reason: messageOf(error), isHeldUp: error instanceof HeldUpFault };
    throw error;
  }
}
