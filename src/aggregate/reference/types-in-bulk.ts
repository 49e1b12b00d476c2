import { EsiFault } from '../../esi/answer.ts';
import { fetchIds } from '../../esi/routes/id-lists.ts';
import { droneCategoryId, moduleCategoryId } from '../../eve/id-ranges.ts';
import type { Name } from '../../eve/reference.ts';
import type { Reference } from '../../store/records/pass.ts';
import { toInstant } from '../../time.ts';
import { askForNames, type NameBudget } from './names.ts';
import { fetchObjects, type NeededIds, type ReferenceContext } from './objects.ts';

/** With fewer missing types, the lists of groups cost more than they save. */
export const minForBulk = 500;

/**
 * Fetches types in bulk if that takes fewer requests than one per type: names from `/universe/names`, a thousand per
 * request; groups and market groups from `/universe/groups/{id}` and `/markets/groups/{id}`. These rows have no
 * `published` and no `response`. Types with missing parts stay missing.
 *
 * @returns false if bulk takes more requests, or ESI returns no list of groups
 * @throws {StopError} when the pass ends early
 */
export async function fetchTypesInBulk(
  needed: NeededIds,
  budget: NameBudget,
  context: ReferenceContext,
): Promise<boolean> {
  const { store, now } = context;
  const missing = await store.missingReferences('type', toInstant(now()));
  if (missing.length < minForBulk) return false;
  const groups = await idsOf('group', context);
  const marketGroups = await idsOf('market_group', context);
  if (groups === undefined || marketGroups === undefined) return false;
  const ids = missing.map(({ id }) => id);
  const [inGroups, inMarketGroups] = [await store.typesIn('group', ids), await store.typesIn('market_group', ids)];
  const wantedGroups = groups.filter((id) => !inGroups.known.has(id));
  const wantedMarketGroups = marketGroups.filter((id) => !inMarketGroups.known.has(id));
  if (wantedGroups.length + wantedMarketGroups.length >= ids.length) return false;

  await fetchObjects('group', wantedGroups.map(unconditionally), needed, context);
  await fetchObjects('market_group', wantedMarketGroups.map(unconditionally), needed, context);
  const { holders: groupOf } = await store.typesIn('group', ids);
  const { holders: marketGroupOf, known } = await store.typesIn('market_group', ids);
  // A type without a market group is in none of the lists, which is certain only when all lists are known.
  const isWhole = marketGroups.every((id) => known.has(id));
  // Mutated modules and drones are in no market group either, and only their own answers identify them.
  const mutable = new Set(await store.groupsOf([moduleCategoryId, droneCategoryId]));
  const mayBeMutated = (id: number) => !marketGroupOf.has(id) && mutable.has(groupOf.get(id) ?? 0);
  const complete = ids.filter((id) => groupOf.has(id) && (isWhole || marketGroupOf.has(id)) && !mayBeMutated(id));

  async function save(names: readonly Name[]): Promise<void> {
    // Refreshing these rows one by one would cost the requests that bulk saved, so they do not expire.
    const times = { fetched_at: toInstant(now()), expires_at: null };
    const references = names.flatMap(({ id, name }): Reference[] => {
      const group_id = groupOf.get(id);
      if (group_id === undefined) return [];
      const market_group_id = marketGroupOf.get(id) ?? null;
      const fields = { name, group_id, market_group_id, published: null, is_dynamic: null };
      return [{ kind: 'type', id, fields, response: null, etag: null, ...times }];
    });
    await store.saveReferences(references);
  }
  await askForNames([complete], [], budget, context, save);
  return true;
}

const unconditionally = (id: number) => ({ id, etag: null });

/** All ids of a kind; undefined if ESI does not return the complete list. */
async function idsOf(
  kind: 'group' | 'market_group',
  { esi }: Pick<ReferenceContext, 'esi'>,
): Promise<readonly number[] | undefined> {
  try {
    const list = await fetchIds(esi.request, kind);
    return list.ok ? list.value.ids : undefined;
  } catch (error) {
    if (error instanceof EsiFault) return undefined;
    throw error;
  }
}
