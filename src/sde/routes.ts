import { StarMap } from '../eve/star-map.ts';
import type { Store } from '../store/store.ts';

/** Computes the routes of new couriers with known ends; does nothing without static data. */
export async function findRoutes(store: Pick<Store, 'missingRoutes' | 'starMap' | 'saveRoutes'>): Promise<void> {
  const missing = await store.missingRoutes();
  if (missing.length === 0) return;
  const { security, gates } = await store.starMap();
  const map = new StarMap(security, gates);
  const endsOf = Map.groupBy(missing, ({ start_system_id }) => start_system_id);
  const routes = [...endsOf].flatMap(([start, pairs]) =>
    map.routes(
      start,
      pairs.map(({ end_system_id }) => end_system_id),
    ),
  );
  await store.saveRoutes(routes);
}
