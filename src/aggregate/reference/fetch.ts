import { type ReferenceKind, referenceKindNames } from '../../eve/reference.ts';
import { toInstant } from '../../time.ts';
import { forEach } from '../each.ts';
import { fetchNames, NameBudget } from './names.ts';
import { fetchObjects, type NeededIds, type ReferenceContext } from './objects.ts';
import { fetchStationsInBulk } from './stations-in-bulk.ts';
import { fetchTypesInBulk, minForBulk } from './types-in-bulk.ts';

/** These refer to no types and no groups, and the others to no places: both are fetched at the same time. */
const places: readonly ReferenceKind[] = ['region', 'station', 'system'];
const others = referenceKindNames.filter((kind) => !places.includes(kind));

/**
 * Fetches objects that stored rows refer to and that are missing, and needed ones that have expired. Failed ones are
 * left for a later pass; stored data is never blanked.
 *
 * @param onTypes called after the types are fetched; what it stores may refer to further types
 * @throws {StopError} when the pass ends early
 */
export async function fetchReferences(
  needed: NeededIds,
  context: ReferenceContext,
  onTypes: () => Promise<void>,
): Promise<void> {
  const budget = new NameBudget();
  async function fetchInOrder(kinds: readonly ReferenceKind[]): Promise<void> {
    for (const kind of kinds) {
      const tried = new Set<number>();
      const wasInBulk = kind === 'type' && (await fetchTypesInBulk(needed, budget, context));
      // The next pass may fetch the rest in bulk.
      const tooMany = wasInBulk ? minForBulk : Number.POSITIVE_INFINITY;
      await fetchKind(kind, needed, context, { tried, tooMany });
      if (kind !== 'type') continue;
      await onTypes();
      await fetchKind(kind, needed, context, { tried, tooMany });
    }
  }
  await fetchStationsInBulk(budget, context);
  await forEach([places, others], 2, fetchInOrder);
  await fetchNames(budget, context);
}

/**
 * @param limits.tried ids that were requested before and are skipped
 * @param limits.tooMany if this many objects are missing, none is requested
 */
async function fetchKind(
  kind: ReferenceKind,
  needed: NeededIds,
  context: ReferenceContext,
  { tried, tooMany }: { readonly tried: Set<number>; readonly tooMany: number },
): Promise<void> {
  const { store, now } = context;
  // More than one round for market groups, because their parents are market groups too.
  for (;;) {
    const missing = (await store.missingReferences(kind, toInstant(now()))).map(({ id }) => ({ id, etag: null }));
    const expired = await store.expiredReferences(kind, [...needed[kind]], toInstant(now()));
    const wanted = [...(missing.length >= tooMany ? [] : missing), ...expired].filter(({ id }) => !tried.has(id));
    if (wanted.length === 0) return;
    for (const { id } of wanted) tried.add(id);
    await fetchObjects(kind, wanted, needed, context);
  }
}
