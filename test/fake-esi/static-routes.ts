import { type Answer, cached, failure } from './answers.ts';
import { toTimestamp } from './clock.ts';
import type { Target } from './routes.ts';
import type { Clock, RouteName } from './types.ts';
import { mutations } from './universe/abyssal.ts';
import type { DynamicItem, Universe } from './universe/types.ts';
import type { ContractStore } from './world/store.ts';

const minute = 60_000;
const day = 86_400_000;
/** Static data are renewed every day at 11:05 UTC. */
const renewal = (11 * 60 + 5) * minute;
/** The daily downtime begins at 11:00 UTC; the stand-in has none, but reports its start time as if it had. */
const startOfDay = 11 * 60 * minute;
/** The list of groups has pages, unlike the other lists of static data. */
const groupsPerPage = 1000;
const statusLifetime = 30_000;
const compatibilityDatesLifetime = 600_000;
const marketPricesLifetime = 3_600_000;

const compatibilityDates = ['2026-08-18', '2026-07-21', '2026-05-19', '2025-12-16', '2025-11-06', '2020-01-01'];

type StaticRoute = Exclude<RouteName, 'list' | 'items' | 'bids' | 'names' | 'unknown'>;

/** Answers the routes whose bodies change at fixed times. */
export function createStaticRoutes(
  universe: Universe,
  store: ContractStore,
  clock: Clock,
  lifetime: number | undefined,
): Record<StaticRoute, (target: Target) => Answer> {
  const periodic = (value: unknown, period: number, start = 0): Answer => {
    const lastModified = Math.floor((clock.now().getTime() - start) / period) * period + start;
    return cached(value, lastModified, lastModified + period);
  };
  const daily = (value: unknown): Answer =>
    lifetime === undefined ? periodic(value, day, renewal) : periodic(value, Math.max(lifetime * 1000, 1));

  const table = (rows: ReadonlyMap<number, unknown>, error: string, hasLanguage: boolean) => (target: Target) => {
    const [id = Number.NaN] = target.ids;
    const row = rows.get(id);
    if (row === undefined) {
      return Number.isNaN(id) ? failure(400, 'The id must be an integer') : failure(404, error);
    }
    const answer = daily(row);
    return hasLanguage ? { ...answer, headers: { 'Content-Language': 'en' } } : answer;
  };
  const index = (rows: ReadonlyMap<number, unknown>) => () => daily([...rows.keys()]);

  return {
    regions: index(universe.regions),
    region: table(universe.regions, 'Region not found', true),
    constellation: table(universe.constellations, 'Constellation not found', true),
    system: table(universe.systems, 'Solar system not found', true),
    station: table(universe.stations, 'Station not found', false),
    type: table(universe.types, 'Type not found', true),
    group: table(universe.groups, 'Group not found', true),
    groups({ page }) {
      const ids = [...universe.groups.keys()];
      const pages = Math.max(1, Math.ceil(ids.length / groupsPerPage));
      if (!(page >= 1 && page <= pages)) return failure(404, 'Requested page does not exist!');
      return { ...daily(ids.slice((page - 1) * groupsPerPage, page * groupsPerPage)), pages };
    },
    categories: index(universe.categories),
    category: table(universe.categories, 'Category not found', true),
    marketGroups: index(universe.marketGroups),
    marketGroup: table(universe.marketGroups, 'Market group not found', true),

    dynamicItem({ ids: [typeId = Number.NaN, itemId = Number.NaN] }) {
      const mutation = mutations.find(([mutatedTypeId]) => mutatedTypeId === typeId);
      if (mutation === undefined || !store.hasItem(typeId, itemId)) {
        // The wrong status, as in ESI.
        return failure(520, 'ItemNotFound');
      }
      return daily(describeDynamicItem(mutation, itemId));
    },

    status() {
      const now = clock.now().getTime();
      const start = Math.floor((now - startOfDay) / day) * day + startOfDay;
      const players = 20_000 + (Math.floor(now / statusLifetime) % 1000);
      const body = { players, server_version: '3561556', start_time: toTimestamp(start), vip: false };
      return periodic(body, statusLifetime);
    },
    marketPrices: () => periodic([...universe.prices.values()], marketPricesLifetime),
    compatibilityDates: () => periodic({ compatibility_dates: compatibilityDates }, compatibilityDatesLifetime),
  };
}

/** Attributes of a mutated module; their values follow from the item. */
function describeDynamicItem([, source, mutator]: (typeof mutations)[number], itemId: number): DynamicItem {
  const roll = (itemId % 1000) / 1000;
  return {
    created_by: 90_000_001 + (itemId % 7_000_000),
    dogma_attributes: [
      { attribute_id: 30, value: 1 + roll * 150 },
      { attribute_id: 50, value: 20 * (0.8 + roll * 0.4) },
      { attribute_id: 54, value: 10_000 * (0.9 + roll * 0.5) },
      { attribute_id: 1692, value: 15 },
    ],
    dogma_effects: [{ effect_id: 16, is_default: false }],
    mutator_type_id: mutator,
    source_type_id: source,
  };
}
