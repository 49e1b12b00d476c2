import { type ReferenceKind, referenceKindNames } from '../../eve/reference.ts';
import { toInstant } from '../../time.ts';
import { fetchNames, NameBudget } from './names.ts';
import { fetchObjects, type NeededIds, type ReferenceContext } from './objects.ts';
import { fetchStationsInBulk } from './stations-in-bulk.ts';
import { fetchTypesInBulk, fewestInBulk } from './types-in-bulk.ts';

/**
 * Fetches what something stored names and the tables do not have yet, and what has expired and is needed. What cannot be
 * had is left for a later pass; nothing known is ever blanked.
 *
 * @param onTypes called once types are known; what it stores may name further types
 * @throws {StopError} when the pass ends first
 */
export async function fetchReferences(
  needed: NeededIds,
  context: ReferenceContext,
  onTypes: () => Promise<void>,
): Promise<void> {
  const budget = new NameBudget();
  for (const kind of referenceKindNames) {
    const tried = new Set<number>();
    if (kind === 'station') await fetchStationsInBulk(budget, context);
    const wasInBulk = kind === 'type' && (await fetchTypesInBulk(needed, budget, context));
    // What is left of it may be had in bulk by the next pass.
    const tooMany = wasInBulk ? fewestInBulk : Number.POSITIVE_INFINITY;
    await fetchKind(kind, needed, context, { tried, tooMany });
    if (kind !== 'type') continue;
    await onTypes();
    await fetchKind(kind, needed, context, { tried, tooMany });
  }
  await fetchNames(budget, context);
}

/**
 * @param limits.tried what was asked for before, and is not asked for again
 * @param limits.tooMany with so many missing objects, none of them is asked for
 */
async function fetchKind(
  kind: ReferenceKind,
  needed: NeededIds,
  context: ReferenceContext,
  { tried, tooMany }: { readonly tried: Set<number>; readonly tooMany: number },
): Promise<void> {
  const { store, now } = context;
  // More than one round for market groups, whose parents are market groups too.
  for (;;) {
    const missing = (await store.missingReferences(kind, toInstant(now()))).map(({ id }) => ({ id, etag: null }));
    const expired = await store.expiredReferences(kind, [...needed[kind]], toInstant(now()));
    const wanted = [...(missing.length >= tooMany ? [] : missing), ...expired].filter(({ id }) => !tried.has(id));
    if (wanted.length === 0) return;
    for (const { id } of wanted) tried.add(id);
    await fetchObjects(kind, wanted, needed, context);
  }
}
