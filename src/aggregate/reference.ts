import { messageOf } from '../errors.ts';
import { type Answer, type EsiClient, EsiFault } from '../esi/client.ts';
import { parseNames, parseReference } from '../esi/schemas.ts';
import { namedObjects, type ReferenceKind, referenceKinds } from '../eve/reference.ts';
import type { Log } from '../log.ts';
import type { Reference, StaleReference, Store } from '../store/store.ts';
import { type Clock, instantAfter, toInstant } from '../time.ts';
import { forEach } from './each.ts';

type ReferenceStore = Pick<
  Store,
  'missingReferences' | 'expiredReferences' | 'saveReferences' | 'extendReference' | 'postponeReference' | 'saveNames'
>;

export interface ReferenceContext {
  readonly esi: Pick<EsiClient, 'ask'>;
  readonly store: ReferenceStore;
  readonly now: Clock;
  readonly concurrency: number;
  readonly log: Log;
}

/** Ids that this pass came across, by kind: what has expired is only fetched again when something needs it. */
export type NeededIds = { readonly [Kind in ReferenceKind]: Set<number> };

export function nothingNeeded(): NeededIds {
  return Object.fromEntries(referenceKinds.map((kind) => [kind, new Set<number>()])) as unknown as NeededIds;
}

const paths: Readonly<Record<ReferenceKind, (id: number) => string>> = {
  region: (id) => `universe/regions/${id}`,
  system: (id) => `universe/systems/${id}`,
  station: (id) => `universe/stations/${id}`,
  type: (id) => `universe/types/${id}`,
  group: (id) => `universe/groups/${id}`,
  category: (id) => `universe/categories/${id}`,
  market_group: (id) => `markets/groups/${id}`,
};

/** Objects come before those that they name. */
const order: readonly ReferenceKind[] = ['region', 'station', 'system', 'type', 'group', 'category', 'market_group'];

/** The static routes are made anew once a day, so nothing is asked for twice in one, whatever its header says. */
const shortestKeepMilliseconds = 24 * 60 * 60_000;
/** Objects that are written in one transaction. */
const savedAtOnce = 100;
/** ESI takes up to so many ids in one question for names. */
const namesPerRequest = 1_000;

/**
 * Fetches what the tables refer to and do not have yet, and what has expired and is needed. What cannot be had is left
 * for a later pass; nothing known is ever blanked.
 *
 * @throws {StopError} when the pass ends first
 */
export async function fetchReferences(needed: NeededIds, context: ReferenceContext): Promise<void> {
  for (const kind of order) await fetchKind(kind, needed, context);
  await fetchNames(context);
}

async function fetchKind(kind: ReferenceKind, needed: NeededIds, context: ReferenceContext): Promise<void> {
  const { store, now } = context;
  const tried = new Set<number>();
  // More than one round for market groups, whose parents are market groups too.
  for (;;) {
    const missing = (await store.missingReferences(kind, toInstant(now()))).map((id) => ({ id, etag: null }));
    const expired = await store.expiredReferences(kind, [...needed[kind]], toInstant(now()));
    const wanted = [...missing, ...expired].filter(({ id }) => !tried.has(id));
    if (wanted.length === 0) return;
    for (const { id } of wanted) tried.add(id);
    await fetchObjects(kind, wanted, needed, context);
  }
}

/** Fetches objects of one kind, each unconditionally or with the ETag of what is held. */
export async function fetchObjects(
  kind: ReferenceKind,
  wanted: readonly StaleReference[],
  needed: NeededIds,
  context: ReferenceContext,
): Promise<void> {
  const { concurrency, store } = context;
  let answered: Reference[] = [];
  const save = async () => {
    const references = answered;
    answered = [];
    if (references.length > 0) await store.saveReferences(references);
  };
  try {
    await forEach(wanted, concurrency, async (stale) => {
      const reference = await fetchObject(kind, stale, needed, context);
      if (reference !== undefined) answered.push(reference);
      if (answered.length >= savedAtOnce) await save();
    });
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
  const answer = await faultAsAnswer(esi.ask(paths[kind](id), { etag }));
  if (answer.kind === 'ok') {
    const parsed = parseReference(kind, answer.body);
    if (parsed.ok) {
      for (const [field, value] of Object.entries(parsed.value)) {
        const named = namedObjects[field];
        if (named !== undefined && typeof value === 'number') needed[named].add(value);
      }
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
    await store.postponeReference({ kind, id, answer: parsed.reason, refused: true }, now());
    log.debug(`${kind} ${id} cannot be used: ${parsed.reason}`, { kind, id });
    return undefined;
  }
  if (answer.kind === 'not_modified') {
    await store.extendReference(kind, id, keepUntil(answer, now));
    return undefined;
  }
  const refused = answer.kind === 'refused';
  await store.postponeReference({ kind, id, answer: answer.reason, refused }, now());
  log.debug(`${kind} ${id} cannot be had: ${answer.reason}`, { kind, id });
  return undefined;
}

/** When a static object may be asked for again. */
export function keepUntil({ expiresAt }: { readonly expiresAt: Date }, now: Clock): string {
  return instantAfter(now(), Math.max(expiresAt.getTime() - now().getTime(), shortestKeepMilliseconds));
}

async function fetchNames(context: ReferenceContext): Promise<void> {
  const ids = await context.store.missingReferences('name', toInstant(context.now()));
  const batches: number[][] = [];
  for (let start = 0; start < ids.length; start += namesPerRequest) {
    batches.push(ids.slice(start, start + namesPerRequest));
  }
  await forEach(batches, 2, (batch) => resolveNames(batch, context));
}

/** What ESI answers when an id in the batch is not one. */
const spoiledStatuses = [400, 404];

/** One id that ESI does not know spoils its whole batch, so a refused batch is halved until the id stands alone. */
async function resolveNames(ids: readonly number[], context: ReferenceContext): Promise<void> {
  const { esi, store, now, log } = context;
  const answer = await faultAsAnswer(esi.ask('universe/names', { json: ids }));
  if (answer.kind === 'refused' && !spoiledStatuses.includes(answer.status)) {
    log.debug(`${ids.length} names cannot be had: ${answer.status} ${answer.reason}`);
    return;
  }
  if (answer.kind === 'refused' && ids.length > 1) {
    const middle = Math.ceil(ids.length / 2);
    await resolveNames(ids.slice(0, middle), context);
    await resolveNames(ids.slice(middle), context);
    return;
  }
  if (answer.kind === 'fault' || answer.kind === 'not_modified') {
    log.debug(`${ids.length} names cannot be had: ${answer.kind === 'fault' ? answer.reason : '304 unasked'}`);
    return;
  }
  const parsed = answer.kind === 'ok' ? parseNames(answer.body) : { ok: false as const, reason: answer.reason };
  const found = parsed.ok ? parsed.value.filter(({ id }) => ids.includes(id)) : [];
  await store.saveNames(found, toInstant(now()));
  const reason = parsed.ok ? 'not in the answer' : parsed.reason;
  const foundIds = new Set(found.map(({ id }) => id));
  for (const id of ids.filter((candidate) => !foundIds.has(candidate))) {
    await store.postponeReference({ kind: 'name', id, answer: reason, refused: true }, now());
  }
}

type AnswerOrFault = Answer | { readonly kind: 'fault'; readonly reason: string };

async function faultAsAnswer(asked: Promise<Answer>): Promise<AnswerOrFault> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof EsiFault) return { kind: 'fault', reason: messageOf(error) };
    throw error;
  }
}
