import { messageOf } from '../../errors.ts';
import { EsiFault } from '../../esi/answer.ts';
import { fetchIds } from '../../esi/routes/id-lists.ts';
import { StopError } from '../../process/stop.ts';
import { isAllRegions, isRegionId, noRegion, regionsMeant } from '../../regions.ts';
import type { StaleReference } from '../../store/records/pass.ts';
import type { Store } from '../../store/store.ts';
import { hasCome } from '../../time.ts';
import { fetchObjects, keepUntil, type NeededIds, type ReferenceContext } from './objects.ts';

/** Key in the table `meta` for the expiry of the list of regions. */
const listExpiryKey = 'regions_expire_at';

type ResolveContext = Omit<ReferenceContext, 'store'> & {
  readonly store: ReferenceContext['store'] & Pick<Store, 'regions' | 'saveRegionIds' | 'readMeta' | 'writeMeta'>;
};

/**
 * Resolves names and ids of regions, or `all` for known space, to ids.
 *
 * @throws {UsageError} when a region is unknown
 * @throws {StopError} when ESI returns no list of regions and none is stored
 */
export async function resolveRegions(
  wanted: readonly string[],
  needed: NeededIds,
  context: ResolveContext,
): Promise<number[]> {
  // The static data has all regions; a new region comes with a new build.
  if ((await context.store.readMeta('sde_build')) === undefined) await refreshList(context);
  const named = wanted.filter((text) => !isAllRegions(text) && !isRegionId(text));
  // While names are missing, a name cannot be called unknown, so the missing ones are fetched first.
  if (named.length > 0) await fetchObjects('region', await unnamed(context), needed, context);
  const regions = await context.store.regions();
  const unnamedCount = regions.filter(({ name }) => name === null).length;
  const ids = wanted.flatMap((text) => {
    const meaning = regionsMeant(text, regions);
    if (meaning.kind !== 'name' && !isRegionId(text) && unnamedCount > 0) {
      const message = `region "${text}" cannot be looked up: ESI returned no names for ${unnamedCount} regions`;
      throw new StopError('esi_unavailable', message);
    }
    if (meaning.kind === 'several' || meaning.kind === 'nothing') throw noRegion(text, meaning, regions);
    if (meaning.kind === 'part') context.log.info(`region "${text}": using "${meaning.name}"`);
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
  const message = `ESI returned no list of regions: ${problem}`;
  if (expiresAt === undefined) throw new StopError('esi_unavailable', message);
  log.warn(`${message}; using the stored regions`);
}

async function unnamed({ store }: ResolveContext): Promise<StaleReference[]> {
  const regions = await store.regions();
  return regions.filter(({ name }) => name === null).map(({ region_id }) => ({ id: region_id, etag: null }));
}
