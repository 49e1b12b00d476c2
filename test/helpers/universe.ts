import type { ReferenceFields, ReferenceKind } from '../../src/eve/reference.ts';
import type { Reference } from '../../src/store/records/pass.ts';
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
  const group = (id: number, name: string, category_id: number) =>
    reference('group', id, { name, category_id, published: true });
  const type = (id: number, name: string, group_id: number, market_group_id: number | null) =>
    reference('type', id, { name, group_id, market_group_id, published: true });

  // In one transaction, because two hundred tests begin with this.
  await store.saveReferences([
    reference('region', theForge, { name: 'The Forge' }),
    reference('region', domain, { name: 'Domain' }),
    reference('region', heimatar, { name: 'Heimatar' }),
    reference('system', places.jita, { name: 'Jita', constellation_id: 20000020, security_status: 0.9459 }),
    reference('system', 30002187, { name: 'Amarr', constellation_id: 20000322, security_status: 1 }),
    reference('station', places.jitaStation, { name: 'Jita IV - Moon 4', system_id: places.jita }),
    reference('station', places.amarrStation, { name: 'Amarr VIII (Oris)', system_id: 30002187 }),
    reference('category', 4, { name: 'Material', published: true }),
    reference('category', 6, { name: 'Ship', published: true }),
    reference('category', 9, { name: 'Blueprint', published: true }),
    group(18, 'Mineral', 4),
    group(25, 'Frigate', 6),
    group(26, 'Cruiser', 6),
    group(105, 'Frigate Blueprint', 9),
    group(237, 'Corvette', 6),
    type(types.tritanium, 'Tritanium', 18, 1857),
    type(types.rifter, 'Rifter', 25, 64),
    type(types.caracal, 'Caracal', 26, 75),
    type(types.ibis, 'Ibis', 237, null),
    type(types.rifterBlueprint, 'Rifter Blueprint', 105, 264),
    reference('market_group', 4, { name: 'Ships', parent_group_id: null }),
    reference('market_group', 1361, { name: 'Frigates', parent_group_id: 4 }),
    reference('market_group', 64, { name: 'Minmatar', parent_group_id: 1361 }),
  ]);
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
  await store.saveReferences([reference(kind, id, fields)]);
}

function reference<Kind extends ReferenceKind>(kind: Kind, id: number, fields: ReferenceFields[Kind]): Reference {
  return { kind, id, fields, response: fields, etag: null, fetched_at: inHours(-1), expires_at: inHours(24) };
}
