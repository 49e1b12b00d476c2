import { abyssalModules } from '../universe/abyssal.ts';
import { blueprints } from '../universe/blueprints.ts';
import type { TypeFact } from '../universe/facts.ts';
import { goods } from '../universe/goods.ts';
import { modules } from '../universe/modules.ts';
import { ships } from '../universe/ships.ts';
import type { Universe } from '../universe/types.ts';

/** Type ids by their use in a contract. */
export interface TypePools {
  ships: number[];
  /** Real modules and, if there are any, invented ones. */
  modules: number[];
  goods: number[];
  blueprints: number[];
  mutated: number[];
  plex: number;
}

/** Sorts the types of a universe into pools. */
export function createTypePools(universe: Universe): TypePools {
  const ids = (facts: readonly TypeFact[]) => facts.map(([typeId]) => typeId);
  const real = new Set([...ids(ships), ...ids(modules), ...ids(goods), ...blueprints.map(([typeId]) => typeId)]);
  const moduleGroups = new Set(
    [...universe.groups.values()].filter(({ category_id }) => category_id === 7).map(({ group_id }) => group_id),
  );
  const mutated = new Set(ids(abyssalModules));
  const invented = [...universe.types.values()].filter(
    ({ type_id, group_id }) => moduleGroups.has(group_id) && !real.has(type_id) && !mutated.has(type_id),
  );
  return {
    ships: ids(ships),
    modules: [...ids(modules), ...invented.map(({ type_id }) => type_id)],
    goods: ids(goods),
    blueprints: blueprints.map(([typeId]) => typeId),
    mutated: [...mutated],
    plex: 44992,
  };
}
