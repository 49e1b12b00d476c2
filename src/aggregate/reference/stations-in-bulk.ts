import type { Name } from '../../eve/reference.ts';
import type { Reference } from '../../store/records/pass.ts';
import { toInstant } from '../../time.ts';
import { askForNames, type NameBudget } from './names.ts';
import type { ReferenceContext } from './objects.ts';

/**
 * Fetches the names of stations whose systems are known from static data, because `/universe/names` returns a thousand
 * names per request. Other stations, and those whose names ESI does not return, stay missing.
 *
 * @throws {StopError} when the pass ends early
 */
export async function fetchStationsInBulk(budget: NameBudget, context: ReferenceContext): Promise<void> {
  const { store, now } = context;
  const missing = await store.missingReferences('station', toInstant(now()));
  const systemOf = await store.systemsOfStations(missing.map(({ id }) => id));

  async function save(names: readonly Name[]): Promise<void> {
    const times = { fetched_at: toInstant(now()), expires_at: null };
    const references = names.flatMap(({ id, name }): Reference[] => {
      const system_id = systemOf.get(id);
      if (system_id === undefined) return [];
      return [{ kind: 'station', id, fields: { name, system_id }, response: null, etag: null, ...times }];
    });
    await store.saveReferences(references);
  }
  await askForNames([[...systemOf.keys()]], [], budget, context, save);
}
