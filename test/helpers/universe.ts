import type { ReferenceFields, ReferenceKind } from '../../src/eve/reference.ts';
import type { Store } from '../../src/store/store.ts';
import { inHours, theForge } from './contracts.ts';
import { domain } from './esi-rows.ts';

export { domain, theForge };
export const heimatar = 10000030;

export const types = {
  tritanium: 34,
  rifter: 587,
  ibis: 601,
  caracal: 621,
  rifterBlueprint: 691,
  /** Contracts hold it, and nothing is known of it. */
  unnamed: 99999,
};
export const places = { jita: 30000142, jitaStation: 60003760, amarrStation: 60008494, structure: 1035466617946 };

/** Stores the few objects of EVE's universe that the contracts of these tests need. */
export async function saveUniverse(store: Store): Promise<void> {
  const save = <Kind extends ReferenceKind>(kind: Kind, id: number, fields: ReferenceFields[Kind]) =>
    saveObject(store, kind, id, fields);
  const group = (id: number, name: string, category_id: number) =>
    save('group', id, { name, category_id, published: true });
  const type = (id: number, name: string, group_id: number, market_group_id: number | null) =>
    save('type', id, { name, group_id, market_group_id, published: true });

  await save('region', theForge, { name: 'The Forge' });
  await save('region', domain, { name: 'Domain' });
  await save('region', heimatar, { name: 'Heimatar' });
  await save('system', places.jita, { name: 'Jita', constellation_id: 20000020, security_status: 0.9459 });
  await save('system', 30002187, { name: 'Amarr', constellation_id: 20000322, security_status: 1 });
  await save('station', places.jitaStation, { name: 'Jita IV - Moon 4', system_id: places.jita });
  await save('station', places.amarrStation, { name: 'Amarr VIII (Oris)', system_id: 30002187 });
  await save('category', 4, { name: 'Material', published: true });
  await save('category', 6, { name: 'Ship', published: true });
  await save('category', 9, { name: 'Blueprint', published: true });
  await group(18, 'Mineral', 4);
  await group(25, 'Frigate', 6);
  await group(26, 'Cruiser', 6);
  await group(105, 'Frigate Blueprint', 9);
  await group(237, 'Corvette', 6);
  await type(types.tritanium, 'Tritanium', 18, 1857);
  await type(types.rifter, 'Rifter', 25, 64);
  await type(types.caracal, 'Caracal', 26, 75);
  await type(types.ibis, 'Ibis', 237, null);
  await type(types.rifterBlueprint, 'Rifter Blueprint', 105, 264);
  await save('market_group', 4, { name: 'Ships', parent_group_id: null });
  await save('market_group', 1361, { name: 'Frigates', parent_group_id: 4 });
  await save('market_group', 64, { name: 'Minmatar', parent_group_id: 1361 });
  await store.saveNames(
    [
      { id: 90000001, name: "Kara O'Tool", category: 'character' },
      { id: 98000001, name: 'Hauling "R" Us', category: 'corporation' },
      { id: 20000020, name: 'Kimotoro', category: 'constellation' },
      { id: 20000322, name: 'Throne Worlds', category: 'constellation' },
    ],
    inHours(-1),
  );
}

export async function saveObject<Kind extends ReferenceKind>(
  store: Store,
  kind: Kind,
  id: number,
  fields: ReferenceFields[Kind],
): Promise<void> {
  const times = { fetched_at: inHours(-1), expires_at: inHours(24) };
  await store.saveReferences([{ kind, id, fields, response: fields, etag: null, ...times }]);
}
