import type { Random } from '../random.ts';
import type { ItemRow } from '../types.ts';
import type { Ids } from './ids.ts';
import type { TypePools } from './pools.ts';

/** Draws what is in a contract. */
export interface ItemDraws {
  /** What the issuer offers. */
  offered(): ItemRow[];
  /** What the issuer asks for. */
  requested(): ItemRow[];
}

const blueprintOriginalShare = 0.12;
/** The share of large contracts that need a second page of items. */
const hugePileShare = 0.0016;

/** Draws items so that the shapes of contracts and the lengths of their lists are those of the real market. */
export function createItemDraws(random: Random, ids: Ids, pools: TypePools): ItemDraws {
  const stack = (type_id: number, quantity: number): ItemRow => ({
    is_included: true,
    item_id: ids.item(),
    quantity,
    record_id: ids.record(),
    type_id,
  });

  const blueprint = (): ItemRow => {
    const row = stack(random.pick(pools.blueprints), 1);
    const materialEfficiency = random.integer(0, 10);
    const timeEfficiency = random.integer(0, 10) * 2;
    // ESI omits zeros, and does not mark originals.
    if (materialEfficiency > 0) {
      row.material_efficiency = materialEfficiency;
    }
    if (timeEfficiency > 0) {
      row.time_efficiency = timeEfficiency;
    }
    if (!random.chance(blueprintOriginalShare)) {
      row.is_blueprint_copy = true;
      row.runs = random.chance(0.6) ? random.integer(1, 10) : random.integer(11, 300);
      row.quantity = random.chance(0.03) ? random.integer(2, 5) : 1;
    }
    return row;
  };

  const goods = (): ItemRow =>
    stack(random.pick(pools.goods), Math.ceil(10 ** (random.next() ** 2 * random.integer(1, 6))));
  const device = (): ItemRow => stack(random.pick(pools.modules), random.chance(0.7) ? 1 : random.integer(2, 20));
  const mutated = (): ItemRow => stack(random.pick(pools.mutated), 1);
  const rows = (count: number, draw: () => ItemRow): ItemRow[] => Array.from({ length: count }, draw);
  const anything = (): ItemRow =>
    random.weighted<() => ItemRow>([
      [device, 55],
      [goods, 28],
      [blueprint, 8],
      [mutated, 9],
    ])();

  const blueprintPack = () =>
    rows(
      random.weighted([
        [1, 64],
        [random.integer(2, 6), 26],
        [random.integer(7, 40), 10],
      ]),
      blueprint,
    );

  const ship = () => {
    const hull = [stack(random.pick(pools.ships), 1)];
    if (random.chance(0.4)) {
      return hull;
    }
    // Fitted in pairs and triples: two stacks of one type in one contract are common.
    const fitting = rows(random.integer(3, 12), device).flatMap((row) =>
      random.chance(0.4) ? [row, stack(row.type_id, 1)] : [row],
    );
    return [...hull, ...fitting, ...rows(random.integer(0, 5), goods)];
  };

  const pile = () => {
    const length = random.chance(hugePileShare)
      ? random.integer(1001, 1400)
      : Math.min(Math.ceil(Math.exp(2.72 + random.normal())), 422);
    return rows(length, anything);
  };

  return {
    offered: () =>
      random.weighted<() => ItemRow[]>([
        [blueprintPack, 47],
        [ship, 16],
        [() => [random.chance(0.4) ? mutated() : device()], 17],
        [pile, 17],
        [() => rows(random.integer(1, 2), goods), 3],
      ])(),
    requested: () =>
      rows(random.chance(0.8) ? 1 : random.integer(2, 5), () => {
        const { item_id: _absent, ...row } = random.chance(0.2)
          ? stack(pools.plex, random.integer(1, 2000))
          : random.chance(0.5)
            ? goods()
            : device();
        return { ...row, is_included: false };
      }),
  };
}
