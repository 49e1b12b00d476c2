import type { EsiClient } from '../../esi/client.ts';
import { contractListPath } from '../../esi/routes/contract-list.ts';
import type { Store } from '../../store/store.ts';
import type { Validators } from '../../validators/validators.ts';
import type { Page, Pages } from './page.ts';

export interface HeldPagesContext {
  readonly esi: Pick<EsiClient, 'urlOf'>;
  readonly validators: Pick<Validators, 'read'>;
  readonly store: Pick<Store, 'unsettled'>;
}

/**
 * The pages of the regions' lists from earlier sweeps. A page is used only if the database still holds everything on
 * it: the validators may be newer than a database that was restored from a backup. One lookup serves all regions,
 * because an idle pass hardly needs the database otherwise.
 */
export async function heldPages(
  regionIds: readonly number[],
  { esi, validators, store }: HeldPagesContext,
): Promise<ReadonlyMap<number, Pages>> {
  const read = async (places: readonly (readonly [regionId: number, page: number])[]) => {
    const found = await validators.read(places.map(([regionId, page]) => esi.urlOf(contractListPath(regionId), page)));
    return places.flatMap(([regionId, number], index) => {
      const page = found[index];
      return page === undefined ? [] : [{ regionId, number, page }];
    });
  };
  const first = await read(regionIds.map((regionId) => [regionId, 1] as const));
  const more = first.flatMap(({ regionId, page: { pages } }) =>
    Array.from({ length: Math.max((pages ?? 1) - 1, 0) }, (_, index) => [regionId, index + 2] as const),
  );
  const known = [...first, ...(await read(more))];
  const unsettled = await store.unsettled({
    contract_ids: known.flatMap(({ page }) => page.contract_ids),
    quarantined: known.flatMap(({ page }) => page.quarantined),
  });
  const missing = new Set<number | string>([...unsettled.contract_ids, ...unsettled.quarantined]);
  const isHere = (id: number | string) => !missing.has(id);
  const held = new Map<number, Map<number, Page>>();
  for (const { regionId, number, page } of known) {
    if (!page.contract_ids.every(isHere) || !page.quarantined.every(isHere)) continue;
    held.set(regionId, (held.get(regionId) ?? new Map()).set(number, page));
  }
  return held;
}
