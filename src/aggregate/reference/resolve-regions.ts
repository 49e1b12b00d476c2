import { messageOf } from '../../errors.ts';
import { EsiFault } from '../../esi/answer.ts';
import { fetchIds } from '../../esi/routes/id-lists.ts';
import { StopError } from '../../process/stop.ts';
import { isAllRegions, isRegionId, noRegion, regionsMeant } from '../../regions.ts';
import type { StaleReference } from '../../store/records/pass.ts';
import type { Store } from '../../store/store.ts';
import { hasCome } from '../../time.ts';
import { fetchObjects, keepUntil, type NeededIds, type ReferenceContext } from './objects.ts';

/** Where the table `meta` says when the list of regions is to be asked for again. */
const listExpiryKey = 'regions_expire_at';

type ResolveContext = Omit<ReferenceContext, 'store'> & {
  readonly store: ReferenceContext['store'] & Pick<Store, 'regions' | 'saveRegionIds' | 'readMeta' | 'writeMeta'>;
};

/**
 * Turns names and ids of regions, or `all` for known space, into ids.
 *
 * @throws {UsageError} when there is no such region
 * @throws {StopError} when ESI gives no list of regions and none is known
 */
export async function resolveRegions(
  wanted: readonly string[],
  needed: NeededIds,
  context: ResolveContext,
): Promise<number[]> {
  // An export has all regions; a new one is a new build.
  if ((await context.store.readMeta('sde_build')) === undefined) await refreshList(context);
  const named = wanted.filter((text) => !isAllRegions(text) && !isRegionId(text));
  // An empty table of names knows none: they are fetched, once, before anything can be called unknown.
  if (named.length > 0) await fetchObjects('region', await unnamed(context), needed, context);
  const regions = await context.store.regions();
  const unnamedCount = regions.filter(({ name }) => name === null).length;
  const ids = wanted.flatMap((text) => {
    const meaning = regionsMeant(text, regions);
    if (meaning.kind !== 'name' && !isRegionId(text) && unnamedCount > 0) {
      const message = `ESI gave no names for ${unnamedCount} regions, so "${text}" cannot be told`;
      throw new StopError('esi_unavailable', message);
    }
    if (meaning.kind === 'several' || meaning.kind === 'nothing') throw noRegion(text, meaning, regions);
    if (meaning.kind === 'part') context.log.info(`region "${text}": taken for "${meaning.name}"`);
    return meaning.rows.map(({ region_id }) => region_id);
  });
  return [...new Set(ids)];
}

async function refreshList({ esi, store, now, log }: ResolveContext): Promise<void> {
  const expiresAt = await store.readMeta(listExpiryKey);
  if (expiresAt !== undefined && !hasCome(expiresAt, now())) return;
  let problem: string;
  try {
    const list = await fetchIds(esi.request, 'region');
    if (list.ok) {
      await store.saveRegionIds(list.value.ids);
      await store.writeMeta(listExpiryKey, keepUntil(list.value, now));
      return;
    }
    problem = list.reason;
  } catch (error) {
    if (!(error instanceof EsiFault)) throw error;
    problem = messageOf(error);
  }
  const message = `ESI gave no list of regions: ${problem}`;
  if (expiresAt === undefined) throw new StopError('esi_unavailable', message);
  log.warn(`${message}; the known regions are used`);
}

async function unnamed({ store }: ResolveContext): Promise<StaleReference[]> {
  const regions = await store.regions();
  return regions.filter(({ name }) => name === null).map(({ region_id }) => ({ id: region_id, etag: null }));
}
