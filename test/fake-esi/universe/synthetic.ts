import type { GrowingUniverse } from './build.ts';
import type { TypeFact } from './facts.ts';

/** Ids of invented types, groups and market groups follow these; no real one is near them. */
const lastRealTypeId = 1_000_000;
const lastRealGroupId = 900_000;

const moduleCategoryId = 7;
const shipEquipmentMarketGroupId = 9;
const typesPerGroup = 100;

/** Adds invented modules, a hundred per group, each group with a separate market group. */
export function addSyntheticTypes(
  universe: GrowingUniverse,
  count: number,
  addType: (universe: GrowingUniverse, fact: TypeFact) => void,
): void {
  for (let number = 1; number <= count; number++) {
    const groupNumber = Math.ceil(number / typesPerGroup);
    const groupId = lastRealGroupId + groupNumber;
    if (!universe.groups.has(groupId)) {
      const name = `Invented Devices ${groupNumber}`;
      universe.groups.set(groupId, {
        group_id: groupId,
        name,
        category_id: moduleCategoryId,
        published: true,
        types: [],
      });
      universe.categories.get(moduleCategoryId)?.groups.push(groupId);
      universe.marketGroups.set(groupId, {
        market_group_id: groupId,
        name,
        description: `Everything that the market sells as ${name}.`,
        parent_group_id: shipEquipmentMarketGroupId,
        types: [],
      });
    }
    addType(universe, [lastRealTypeId + number, `Invented Device ${number}`, groupId, groupId, 5]);
  }
}
